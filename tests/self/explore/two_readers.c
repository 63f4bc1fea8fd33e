/* SPDX-License-Identifier: MIT */
/* One writer with two cycles against two readers, as the measure of the explorer's speed. */
#include "tests/pte/software.h"
#include "tools/interleave/explored.h"

enum {
	FIRST,
	SECOND,
};

static pte_t seen[2] EXPLORED;

static void walk_first(struct variant *v)
{
	seen[FIRST] = lab_walk(v);
}

static void walk_second(struct variant *v)
{
	seen[SECOND] = lab_walk(v);
}

static void zap_and_refault_twice(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, v->entry_b);
	lab_zap(v);
	lab_establish(v, v->entry_a);
}

static enum verdict judge(struct variant *v)
{
	for (unsigned i = 0; i < ARRAY_SIZE(seen); i++) {
		v->seen = seen[i];
		if (judge_value(v) == VIOLATED)
			return VIOLATED;
	}
	return HELD;
}

SCENARIO(two_readers) = {
	.name = "explore/two-readers",
	.rule = "as pte/aba-refault, with two readers",
	.reference = "as pte/aba-refault",
	.mode = MODE_EXPLORED,
	.needs = NEED_SPLIT,
	.roles = {{"walker", walk_first},
		  {"walker", walk_second},
		  {"writer", zap_and_refault_twice}},
	CELLS(HOLDS(), BREAKS(shootdown_wait)),
	.setup = software_entries_mapped,
	.judge = judge,
};
