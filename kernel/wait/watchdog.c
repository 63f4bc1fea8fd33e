/* SPDX-License-Identifier: MIT */
/*
 * Looks at the published waits of all CPUs, finds a deadlock among them, and ends the run when one
 * is found or when a wait has passed its deadline.
 */
#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/published.h"
#include "kernel/wait/watchdog.h"

const char *const wait_kind_name[NR_WAIT_KINDS] = {
	[WAIT_NONE] = "nothing",   [WAIT_ACK] = "shootdown-ack", [WAIT_NOWAIT] = "nowait-ack",
	[WAIT_GRACE] = "grace",	   [WAIT_CALL] = "call",	 [WAIT_LOCK] = "lock",
	[WAIT_READ] = "read-lock", [WAIT_WRITE] = "write-lock",	 [WAIT_JOB] = "job",
	[WAIT_START] = "start",	   [WAIT_CLEAR] = "clear",
};

static void snapshot(struct wait *waits, unsigned n)
{
	for (unsigned cpu = 0; cpu < n; cpu++)
		wait_copy(&cpus[cpu].wait, &waits[cpu]);
}

/* A deadlock is certain if both snapshots show the same set in the same waits, and each member has
 * looked at its condition in between. Then all of it was true at once, and no member can change it.
 * A CPU counts a spin before it looks, so one more spin may belong to a look before the first
 * snapshot. */
static cpumask_t confirmed_deadlock(void)
{
	static __aligned(64) struct wait first[MAX_CPUS][MAX_CPUS];
	struct wait *was = first[cpu_id()], now[MAX_CPUS];
	unsigned n = smp_count(), cpu;
	cpumask_t stuck;

	snapshot(now, n);
	stuck = wait_deadlock(now, n);
	if (stuck != wait_deadlock(was, n))
		stuck = 0;
	for_each_cpu (cpu, stuck) {
		if (was[cpu].number != now[cpu].number || now[cpu].spins - was[cpu].spins < 2)
			stuck = 0;
	}
	for (cpu = 0; cpu < n; cpu++)
		was[cpu] = now[cpu];
	return stuck;
}

void wait_print_all(void)
{
	unsigned cpu;

	for (cpu = 0; cpu < smp_count(); cpu++) {
		struct wait wait[MAX_CPUS];

		snapshot(wait, smp_count());
		if (wait[cpu].kind == WAIT_NONE)
			continue;
		printk("# ev=wait cpu=%u kind=%s whom=0x%x at=%s:%u irqs=%s\n", cpu,
		       wait_kind_name[wait[cpu].kind], wait[cpu].whom, wait[cpu].function,
		       wait[cpu].line, wait[cpu].irqs_on ? "on" : "off");
	}
}

static void name_cpus(char *text, size_t size, cpumask_t mask)
{
	int used = 0;
	unsigned cpu;

	text[0] = 0;
	for_each_cpu (cpu, mask)
		used += scnprintk(text + used, size - (size_t)used, used ? ",%u" : "%u", cpu);
}

_Noreturn void watchdog_expired(const struct wait *wait, cpumask_t whom)
{
	char names[128];

	name_cpus(names, sizeof(names), whom);
	panic("CPU %u waited %u s for %s of CPU %s at %s:%u: silent", cpu_id(), wait_deadline_s,
	      wait_kind_name[wait->kind], names, wait->function, wait->line);
}

static void break_deadlock(cpumask_t stuck)
{
	char names[128];

	if (race_recording()) {
		WRITE_ONCE(wait_abandoned, stuck);
		return;
	}
	name_cpus(names, sizeof(names), stuck);
	panic("deadlock among CPUs %s", names);
}

void watchdog_look(void)
{
	cpumask_t stuck = confirmed_deadlock();

	if (stuck)
		break_deadlock(stuck);
}
