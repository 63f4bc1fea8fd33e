/* SPDX-License-Identifier: MIT */
/*
 * Publishes this CPU's own wait, spins or naps in it, and asks the watchdog now and then whether
 * the wait can end at all, because no timer would ask.
 */
#include <asm/irq.h>

#include "kernel/hooks/race.h"
#include "kernel/hooks/upcalls.h"
#include "kernel/smp/percpu.h"
#include "kernel/wait/nap.h"
#include "kernel/wait/published.h"
#include "kernel/wait/watchdog.h"

#define SPINS_PER_EVENT 8u

cpumask_t wait_abandoned;
u32 wait_deadline_s = 10;
bool wait_naps = true;

/* Tells the recording lab where this CPU started to wait, and repeats it every few spins. */
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

/* A job may take long but must make progress. Each wait inside it has its own deadline. */
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

/* Only waits ended by an interrupt handler's store may nap, because the handler also wakes us. */
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

	cpu_relax();
	WRITE_ONCE(wait->whom, whom);
	WRITE_ONCE(wait->spins, READ_ONCE(wait->spins) + 1);
	if (READ_ONCE(wait_abandoned))
		return false;
	if (READ_ONCE(wait->spins) % SPINS_PER_EVENT == 0)
		publish_wait_event(cpu, RACE_wait_spinning, whom);
	if (may_nap(wait))
		nap_step(READ_ONCE(wait->spins));
	if (READ_ONCE(wait->spins) % SPINS_PER_LOOK)
		return true;
	if (!may_nap(wait))
		step_aside();
	watchdog_look();
	if (READ_ONCE(wait->kind) == WAIT_JOB && made_progress(cpu, whom))
		cpu->patience = (struct patience){0};
	if (patience_over(&cpu->patience))
		watchdog_expired(wait, whom);
	return true;
}

void wait_end(void)
{
	if (CAP_NAP)
		nap_end();
	wait_withdraw(&this_cpu()->wait);
}
