/* SPDX-License-Identifier: MIT */
/*
 * Waits are published so that each waiting CPU can see why it waits: it looks for a deadlock among
 * all published waits, and stops the machine when its own deadline has passed. There is no timer.
 */
#include <asm/barrier.h>
#include <asm/irq.h>

#include "kernel/hooks/race.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"
#include "kernel/wait/published.h"
#include "kernel/wait/watchdog.h"

#define SPINS_PER_TELL 8u

cpumask_t wait_abandoned;
u32 wait_deadline_s = 10;
bool wait_naps = true;

const char *const wait_kind_name[NR_WAIT_KINDS] = {
	[WAIT_NONE] = "nothing", [WAIT_ACK] = "shootdown-ack", [WAIT_NOWAIT] = "nowait-ack",
	[WAIT_GRACE] = "grace",	 [WAIT_CALL] = "call",	       [WAIT_LOCK] = "lock",
	[WAIT_JOB] = "job",	 [WAIT_START] = "start",       [WAIT_CLEAR] = "clear",
};

static void snapshot(struct wait *waits, unsigned n)
{
	for (unsigned cpu = 0; cpu < n; cpu++)
		wait_copy(&cpus[cpu].wait, &waits[cpu]);
}

/* The same set is stuck in both pictures, in the same waits, and each member has looked at its
 * condition in between: then all of it was true at once, and nothing in the set can change it. A
 * CPU counts a spin before it looks, so one spin more may be of a look before the first picture. */
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
		if (was[cpu].number != now[cpu].number || now[cpu].spins - was[cpu].spins < 2) {
			stuck = 0;
			break;
		}
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

static _Noreturn void expired(const struct wait *wait, cpumask_t whom)
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

/* For whoever records: where this CPU waits, and now and then that it still does. */
static void publish_wait_event(struct cpu *cpu, enum race_point point, cpumask_t whom)
{
	if (!RACE_POINTS)
		return;
	cpu->wait_site =
		(struct race_site){READ_ONCE(cpu->wait.function), (u16)READ_ONCE(cpu->wait.line),
				   (u16)point, READ_ONCE(cpu->wait.file)};
	race_reached(&cpu->wait_site, (u64)READ_ONCE(cpu->wait.kind) << 32 | whom);
}

void wait_begin(enum wait_kind kind, cpumask_t whom, const char *function, unsigned line,
		const char *file)
{
	struct cpu *cpu = this_cpu();
	struct wait *wait = &cpu->wait;

	cpu->patience = (struct patience){0};
	wait_renew(wait);
	WRITE_ONCE(wait->function, function);
	WRITE_ONCE(wait->line, line);
	WRITE_ONCE(wait->file, file);
	WRITE_ONCE(wait->whom, whom);
	WRITE_ONCE(wait->irqs_on, irqs_enabled());
	WRITE_ONCE(wait->spins, 0);
	wait_publish(wait, kind);
	publish_wait_event(cpu, RACE_wait_blocked, whom);
}

u32 cpu_pulse(unsigned cpu)
{
	return READ_ONCE(cpus[cpu].wait.number) + READ_ONCE(cpus[cpu].wait.spins) +
	       READ_ONCE(cpus[cpu].walk_seq);
}

/* A job may take long; what it may not do is nothing. Each wait inside it has a deadline of its
 * own. */
static bool made_progress(struct cpu *cpu, cpumask_t whom)
{
	u32 pulse = 0;
	unsigned other;
	bool same;

	for_each_cpu (other, whom)
		pulse += cpu_pulse(other);
	same = pulse == cpu->wait_pulse;
	cpu->wait_pulse = pulse;
	return !same;
}

/* Those that end by an interrupt handler's store, which wakes us. */
static bool may_nap(const struct wait *wait)
{
	u32 kind = READ_ONCE(wait->kind);

	return CAP_NAP && wait_naps && (kind == WAIT_ACK || kind == WAIT_CALL) &&
	       READ_ONCE(wait->irqs_on);
}

bool wait_step(cpumask_t whom)
{
	struct cpu *cpu = this_cpu();
	struct wait *wait = &cpu->wait;
	cpumask_t stuck;

	cpu_relax();
	WRITE_ONCE(wait->whom, whom);
	WRITE_ONCE(wait->spins, READ_ONCE(wait->spins) + 1);
	if (READ_ONCE(wait_abandoned))
		return false;
	if (READ_ONCE(wait->spins) % SPINS_PER_TELL == 0)
		publish_wait_event(cpu, RACE_wait_spinning, whom);
	if (may_nap(wait))
		nap_step(READ_ONCE(wait->spins));
	if (READ_ONCE(wait->spins) % SPINS_PER_LOOK)
		return true;
	if (!may_nap(wait))
		step_aside();
	stuck = confirmed_deadlock();
	if (stuck)
		break_deadlock(stuck);
	if (READ_ONCE(wait->kind) == WAIT_JOB && made_progress(cpu, whom))
		cpu->patience = (struct patience){0};
	if (patience_over(&cpu->patience))
		expired(wait, whom);
	return true;
}

void wait_end(void)
{
	if (CAP_NAP)
		nap_end();
	wait_withdraw(&this_cpu()->wait);
}
