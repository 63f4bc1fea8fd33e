/* SPDX-License-Identifier: MIT */
/* Stops CPUs by SIGP orders, because a CPU takes them in any state. */
#include "arch/s390x/cpu.h"
#include "arch/s390x/stop.h"
#include <asm/sigp.h>
#include "arch/s390x/smp.h"
#include <asm/barrier.h>
#include <asm/clock.h>
#include <asm/smp.h>

/* The host thread of an emulated CPU may not run for tens of ms. */
#define STOP_US	     1000000u
#define WAIT_STOPPED 0x570ul /* PSW address of a CPU that stopped itself */

void cpu_stop(void)
{
	load_psw((struct psw){PSW_WAIT | PSW_64, WAIT_STOPPED});
}

static bool is_stopped(u32 hw_id)
{
	u32 status;

	return sigp(hw_id, SIGP_SENSE, 0, &status) == SIGP_STATUS_STORED &&
	       status & SIGP_STATUS_STOPPED;
}

static bool stop(u32 hw_id, enum sigp_order order)
{
	u64 from = clock_cycles(), patience = (u64)STOP_US * clock_cycles_per_us();
	u32 status;

	if (sigp(hw_id, order, 0, &status) == SIGP_NOT_OPERATIONAL)
		return true;
	while (!is_stopped(hw_id))
		if (clock_cycles() - from > patience)
			return false;
	return true;
}

void stop_all_others(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++)
		if (cpu != cpu_id() && READ_ONCE(lowcore_of(cpu)->live))
			stop(lowcore_of(cpu)->hw_id, SIGP_STOP);
}

void smp_stop_others(void)
{
	for (unsigned cpu = 0; cpu < smp_count(); cpu++) {
		struct lowcore *lowcore = lowcore_of(cpu);

		if (cpu == cpu_id() || !READ_ONCE(lowcore->live))
			continue;
		lowcore->stopped = stop(lowcore->hw_id, SIGP_STOP_AND_STORE_STATUS);
		lowcore->status.mask = READ_ONCE(lowcore_absolute()->status.mask);
		lowcore->status.address = READ_ONCE(lowcore_absolute()->status.address);
	}
}

bool smp_stopped(unsigned cpu, vaddr_t *pc)
{
	const struct lowcore *lowcore = lowcore_of(cpu);
	bool slept = READ_ONCE(lowcore->status.mask) & PSW_WAIT;

	*pc = 0;
	if (!READ_ONCE(lowcore->live))
		return true;
	if (!lowcore->stopped)
		return false;
	*pc = slept ? 0 : READ_ONCE(lowcore->status.address);
	return true;
}
