/* SPDX-License-Identifier: MIT */
/* Two CPUs shoot at a third one by NMIs, which may become one, or find everything served, and none
 * may be taken for the hardware's own. The target may forget an expected NMI only after some time,
 * but here is no time. tests/self/unit/test_shootdown.c tests this. */
#include "kernel/smp/shootdown.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

enum {
	TARGET,
	FIRST,
	SECOND,
};

static cpumask_t mask EXPLORED; /* the target alone */

static bool setup(struct variant *v)
{
	mask = BIT(v->cpu[TARGET]);
	return true;
}

static void shoot(struct variant *v)
{
	shootdown(&mask, v->va, v->va + PAGE_SIZE);
}

/* The model itself stops a CPU with an NMI for nothing. */
static enum verdict judge(struct variant *v)
{
	(void)v;
	return HELD;
}

SCENARIO(two_initiators) = {
	.name = "explore/two-initiators",
	.rule = "an NMI that finds its request served is not taken for the hardware's own",
	.reference = "Intel SDM vol. 3, 6.7.1: while an NMI is handled one more is kept",
	.mode = MODE_EXPLORED,
	.needs = NEED_IPI_FLUSH,
	.roles = {[TARGET] = {"target", lab_stand_by},
		  [FIRST] = {"initiator", shoot},
		  [SECOND] = {"initiator", shoot}},
	CELLS(HOLDS(WITH(flush, nowait))),
	.setup = setup,
	.judge = judge,
};
