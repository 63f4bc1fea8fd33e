/* SPDX-License-Identifier: MIT */
/* Records the race points of free-running roles, and makes the roles linger there. */
#include "tests/lab/freerun.h"

#include <asm/barrier.h>
#include <asm/irq.h>

#include "kernel/finish.h"
#include "kernel/random.h"
#include "kernel/smp/percpu.h"
#include "tests/lab/registry.h"
#include "tests/lab/options.h"
#include "tests/lab/trace.h"

#define NO_ROLE MAX_ROLES

static struct {
	struct variant *v;
	u8 role_of[MAX_CPUS];
	struct random delay[MAX_ROLES]; /* one for each role */
	u32 ticket[MAX_ROLES];		/* of the role's last event */
} freerun;

/* Goes on at once every other time. Otherwise it lingers for up to 2^9 pauses, with small numbers
 * as likely as large ones. */
static void linger(struct random *random)
{
	u32 most = random_next(random) & 1 ? 1u << random_below(random, 10) : 1;

	for (u32 n = random_below(random, most); n; n--)
		cpu_relax();
}

/* Skips two kinds of event. The waits of lab_meet() lie between the rounds, and a wait still going
 * on is already in the trace. */
static bool is_already_known(const struct race_site *site, u64 value)
{
	return site->point == RACE_wait_spinning ||
	       (site->point == RACE_wait_blocked && value >> 32 == WAIT_JOB);
}

static void on_race(const struct race_site *site, u64 value)
{
	unsigned role = freerun.role_of[cpu_id()];
	u32 flags;

	if (role == NO_ROLE || is_already_known(site, value))
		return;
	flags = irq_save(); /* an interrupt's events are also this role's */
	trace_add(role, site, value, ++freerun.ticket[role]);
	irq_restore(flags);
	if (!option_idle(role)) /* it does not act either */
		scenario_act_at(freerun.v, role, site->point);
	linger(&freerun.delay[role]);
}

void free_begin(struct variant *v, u32 round)
{
	trace_reset();
	freerun.v = v;
	for (unsigned cpu = 0; cpu < MAX_CPUS; cpu++)
		freerun.role_of[cpu] = NO_ROLE;
	for (unsigned role = 0; role < v->nr_roles; role++) {
		freerun.role_of[v->cpu[role]] = (u8)role;
		freerun.ticket[role] = 0;
		freerun.delay[role] = random_stream(run_seed + round, role + 1);
	}
	smp_store_release(&race_hook, on_race);
}

void free_end(void)
{
	smp_store_release(&race_hook, NULL);
}
