/* SPDX-License-Identifier: MIT */
/* Waits for the end of every lockless walk in progress at the call. */
#include "kernel/smp/walker_sync.h"

#include <asm/barrier.h>
#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/smp/smp_call.h"

static void nothing(void *argument)
{
	(void)argument;
}

void sync_walkers_ipi(void)
{
	call_cpus(READ_ONCE(cpus_online) & ~BIT(cpu_id()), nothing, NULL);
}

/* Odd inside a walk. An acquire, so everything done by an ended walk is seen. */
static u32 walk_of(unsigned cpu)
{
	return guard(sync_acquire) ? smp_load_acquire(&cpus[cpu].walk_seq)
				   : READ_ONCE(cpus[cpu].walk_seq);
}

/* Returns the CPUs still in the same walk as at the beginning. */
static cpumask_t still_walking(const u32 *walk, cpumask_t mask)
{
	cpumask_t walking = 0;
	unsigned cpu;

	for_each_cpu (cpu, mask) {
		if (walk_of(cpu) == walk[cpu])
			walking |= BIT(cpu);
	}
	return walking;
}

void sync_walkers_grace(void)
{
	cpumask_t walking = 0;
	u32 walk[MAX_CPUS];
	unsigned cpu;

	assert(irqs_enabled() && !(READ_ONCE(this_cpu()->walk_seq) & 1));
	if (guard(sync_mb))
		smp_mb();
	for_each_cpu (cpu, READ_ONCE(cpus_online)) {
		walk[cpu] = walk_of(cpu);
		walking |= walk[cpu] & 1 ? BIT(cpu) : 0;
	}
	wait_until(!still_walking(walk, walking), WAIT_GRACE, still_walking(walk, walking));
}
