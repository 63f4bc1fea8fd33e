/* SPDX-License-Identifier: MIT */
/* A grace period alone, with no flush and no exchange beside its barriers. */
#include "kernel/smp/walker_sync.h"
#include "mm/gup/gup.h"
#include "tests/lab/lab.h"

enum {
	WALKER,
	WRITER,
};

/* The numbers of v->value. */
enum {
	LINK,	/* leads to the object */
	OBJECT, /* not 0 as long as it is not freed */
	FOUND,	/* the walker's finding, for all to see, or 0 before it */
	SEEN,	/* the writer's view of it after the grace period */
};

#define CONTENTS 42u

static bool setup(struct variant *v)
{
	v->value[LINK] = 1;
	v->value[OBJECT] = CONTENTS;
	return true;
}

static void walk(struct variant *v)
{
	u32 irqs = walk_begin(v->va);

	v->flag[FOUND] = READ_ONCE(v->value[LINK]);
	if (v->flag[FOUND]) {
		v->flag[OBJECT] = READ_ONCE(v->value[OBJECT]) == CONTENTS;
		WRITE_ONCE(v->value[FOUND], CONTENTS);
	}
	walk_end(irqs, 0);
}

static void unlink_and_free(struct variant *v)
{
	WRITE_ONCE(v->value[LINK], 0);
	sync_walkers_grace();
	v->flag[SEEN] = READ_ONCE(v->value[FOUND]) == CONTENTS;
	WRITE_ONCE(v->value[OBJECT], 0);
}

static enum verdict judge(struct variant *v)
{
	if (!v->flag[FOUND])
		return NO_EVIDENCE;
	if (!v->flag[OBJECT]) {
		lab_saw(v, "CPU %u was in a walk, and found an object that was freed",
			v->cpu[WALKER]);
		return VIOLATED;
	}
	if (!v->flag[SEEN]) {
		lab_saw(v, "after the grace period CPU %u did not see what a walk had stored",
			v->cpu[WRITER]);
		return VIOLATED;
	}
	return HELD;
}

SCENARIO(grace) = {
	.name = "explore/grace",
	.rule = "after a grace period no walk finds what was unlinked, and what walks stored is seen",
	.reference = "Linux Documentation/RCU/Design/Memory-Ordering: what a grace period promises",
	.mode = MODE_EXPLORED,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", unlink_and_free}},
	CELLS(HOLDS(WITH(table_free, grace)), BREAKS(grace_mb, FROM(TSO), WITH(table_free, grace)),
	      BREAKS(sync_mb, FROM(TSO), WITH(table_free, grace)),
	      BREAKS(walk_end_release, FROM(PSO), WITH(table_free, grace)),
	      BREAKS(sync_acquire, FROM(WEAK), WITH(table_free, grace))),
	.setup = setup,
	.judge = judge,
};
