/* SPDX-License-Identifier: MIT */
/* An upgrade asks a CPU to load the new root after it has left the space, and it must not. */
#include <asm/barrier.h>

#include "arch/model/machine.h"
#include "tests/lab/lab.h"
#include "tools/interleave/explored.h"

enum {
	LEAVER,
	WRITER,
};

/* The numbers of v->value. */
enum {
	OVER, /* shared, set when the upgrade has ended */
};

/* The numbers of v->flag. */
enum {
	UPGRADED,
	STAYED_AWAY, /* the leaver still had the other space loaded */
};

static struct mm other EXPLORED;

static bool setup(struct variant *v)
{
	(void)v;
	return mm_create(&other);
}

/* Goes to another space, and looks at it after the upgrade. */
static void leave(struct variant *v)
{
	mm_switch(&other);
	wait_until(READ_ONCE(v->value[OVER]), WAIT_JOB, 0);
	v->flag[STAYED_AWAY] = model_cpu[LEAVER].root == mm_root(&other);
	mm_switch(NULL);
	smp_mb(); /* no CPU has it loaded, and this has reached memory */
	mm_destroy(&other);
}

static void upgrade(struct variant *v)
{
	v->flag[UPGRADED] = mm_upgrade(&v->mm);
	WRITE_ONCE(v->value[OVER], 1);
}

static enum verdict judge(struct variant *v)
{
	if (!v->flag[STAYED_AWAY]) {
		lab_saw(v, "CPU %u had left the space, and an upgrade made it load the root again",
			v->cpu[LEAVER]);
		return VIOLATED;
	}
	if (!v->flag[UPGRADED])
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u has left, and stays away", v->cpu[LEAVER]);
	return HELD;
}

SCENARIO(upgrade_leaver) = {
	.name = "explore/upgrade-leaver",
	.rule = "an upgrade makes no CPU load the space that has left it",
	.reference = "Linux s390 __crst_table_upgrade(): current->active_mm == mm",
	.mode = MODE_EXPLORED,
	.needs = NEED_FOLDING,
	.roles = {[LEAVER] = {"leaver", leave}, [WRITER] = {"writer", upgrade}},
	CELLS(HOLDS(WITH(levels, three))),
	.setup = setup,
	.judge = judge,
};
