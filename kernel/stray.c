/* SPDX-License-Identifier: MIT */
/* Counts unexpected interrupts, and warns of them once each. */
#include "kernel/stray.h"

#include <asm/smp.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"

static struct strays told[MAX_CPUS]; /* by strays_report() */

static void count_one(u32 *count)
{
	WRITE_ONCE(*count, READ_ONCE(*count) + 1);
}

/* Slots are taken in order, so the first empty one is behind all slots in use. */
static void count_vector(struct strays *mine, unsigned vector)
{
	for (unsigned i = 0; i < STRAY_VECTORS; i++) {
		if (READ_ONCE(mine->times[i]) && READ_ONCE(mine->vector[i]) != vector)
			continue;
		WRITE_ONCE(mine->vector[i], vector);
		count_one(&mine->times[i]);
		return;
	}
}

bool interrupt_unexpected(unsigned vector)
{
	struct strays *mine = &this_cpu()->strays;

	count_vector(mine, vector);
	count_one(&mine->count);
	return READ_ONCE(mine->count) > STRAY_MAX;
}

static void report_vectors(unsigned cpu)
{
	for (unsigned i = 0; i < STRAY_VECTORS; i++) {
		u32 times = READ_ONCE(cpus[cpu].strays.times[i]);
		u32 vector = READ_ONCE(cpus[cpu].strays.vector[i]);

		if (times == told[cpu].times[i])
			continue;
		told[cpu].times[i] = times;
		printk("# ev=warning what=\"stray interrupt: vector 0x%02x on CPU %u\" cpu=%u vector=0x%02x times=%u\n",
		       vector, cpu, cpu, vector, times);
	}
}

void strays_report(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++) {
		u32 count = READ_ONCE(cpus[cpu].strays.count), before = told[cpu].count;

		if (count == before)
			continue;
		told[cpu].count = count;
		report_vectors(cpu);
		if (count > STRAY_MAX && before <= STRAY_MAX)
			printk("# ev=warning what=\"stray interrupts keep coming on CPU %u: the run is incomplete\" cpu=%u times=%u\n",
			       cpu, cpu, count);
	}
}

bool strays_keep_coming(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (READ_ONCE(cpus[cpu].strays.count) > STRAY_MAX)
			return true;
	return false;
}
