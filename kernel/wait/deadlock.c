/* SPDX-License-Identifier: MIT */
/* Finds the largest set of waits in which each can be ended only by another one of the set. */
#include "kernel/smp/cpumask.h"
#include "kernel/wait/wait.h"

static bool kept_waiting(const struct wait *waits, unsigned cpu, cpumask_t stuck)
{
	unsigned other;

	for_each_cpu (other, waits[cpu].whom & stuck) {
		if (wait_is_on(&waits[cpu], &waits[other]))
			return true;
	}
	return false;
}

cpumask_t wait_deadlock(const struct wait *waits, unsigned n)
{
	cpumask_t stuck = 0, before;

	for (unsigned cpu = 0; cpu < n; cpu++)
		stuck |= waits[cpu].kind != WAIT_NONE ? BIT(cpu) : 0;
	do {
		before = stuck;
		for (unsigned cpu = 0; cpu < n; cpu++)
			if (!kept_waiting(waits, cpu, stuck))
				stuck &= ~BIT(cpu);
	} while (stuck != before);
	return stuck;
}
