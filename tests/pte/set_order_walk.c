/* SPDX-License-Identifier: MIT */
/* The lockless walker is the other reader of an establish's middle. */
#include "tests/pte/software.h"

static void establish(struct variant *v)
{
	lab_establish(v, v->entry_a);
}

static const struct step walk_between_the_stores[] = {
	STEP(WALKER, role_start, REACHED(WRITER, set_between_halves)),
	STEP(WRITER, set_between_halves, REACHED(WALKER, role_done)),
};

SCENARIO(set_order_walk) = {
	.name = "pte/set-order-walk",
	.rule = "an establish writes the half that walkers test last",
	.reference = "Jason Gunthorpe, linux-mm 2022-10-06: write_high(b); wmb; write_low(present)",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", establish}},
	.script = STEPS(walk_between_the_stores),
	CELLS(HOLDS(), BREAKS(set_present_last, WITH(pte_read, recheck))),
	.setup = software_entries,
	.judge = judge_value,
};
