/* SPDX-License-Identifier: MIT */
/* One CPU waits, and then waits for something else, while another copies the published wait. */
#include "kernel/wait/published.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

enum {
	WAITER,
	WATCHER,
};

/* The numbers of v->value, with the copy. */
enum {
	KIND,
	NUMBER,
	WHOM,
	HAS_IRQS_ON,
	SPINS,
};

static struct wait its EXPLORED; /* shared */

/* The members that decide about a deadlock, with values only this wait has. */
static void wait_for(enum wait_kind kind, cpumask_t whom, bool irqs_on)
{
	wait_renew(&its);
	WRITE_ONCE(its.whom, whom);
	WRITE_ONCE(its.irqs_on, irqs_on);
	WRITE_ONCE(its.spins, 0);
	wait_publish(&its, kind);
	WRITE_ONCE(its.spins, BIT(kind));
	wait_withdraw(&its);
}

static void wait_twice(struct variant *v)
{
	(void)v;
	wait_for(WAIT_LOCK, BIT(2), false);
	wait_for(WAIT_JOB, BIT(3), true);
}

static void copy(struct variant *v)
{
	struct wait seen;

	wait_copy(&its, &seen);
	v->value[KIND] = seen.kind;
	v->value[NUMBER] = seen.number;
	v->value[WHOM] = seen.whom;
	v->value[HAS_IRQS_ON] = seen.irqs_on;
	v->value[SPINS] = seen.spins;
}

static bool is_one_wait(const u32 *seen)
{
	bool first = seen[NUMBER] == 1;

	return seen[KIND] == (first ? WAIT_LOCK : WAIT_JOB) && seen[WHOM] == BIT(first ? 2 : 3) &&
	       seen[HAS_IRQS_ON] == !first && !(seen[SPINS] & ~BIT(seen[KIND]));
}

static enum verdict judge(struct variant *v)
{
	if (v->value[KIND] == WAIT_NONE)
		return NO_EVIDENCE;
	if (!is_one_wait(v->value)) {
		lab_saw(v,
			"a copy of wait %u that was never published: kind %u, whom 0x%x, irqs %u, spins %u",
			v->value[NUMBER], v->value[KIND], v->value[WHOM], v->value[HAS_IRQS_ON],
			v->value[SPINS]);
		return VIOLATED;
	}
	return HELD;
}

SCENARIO(published) = {
	.name = "explore/published",
	.rule = "a published wait is copied as it was at one moment, or as none",
	.reference = "Linux read_seqcount_retry(); kernel/wait/published.h",
	.mode = MODE_EXPLORED,
	.roles = {{"waiter", wait_twice}, {"watcher", copy}},
	CELLS(HOLDS()),
	.judge = judge,
};
