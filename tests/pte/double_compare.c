/* SPDX-License-Identifier: MIT */
/* A reader compares two reads of an entry that changes three times between them. */
#include "tests/pte/software.h"

/* One frame is zapped, faulted in and zapped, timed into low, high, low, high. */
static void zap_refault_zap(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
	lab_establish(v, v->entry_a);
	race_point(role_middle);
	lab_zap(v);
}

#define TWICE WITH(flush, sync), WITH(pte_read, twice)

static const struct step three_changes_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_before_recheck, REACHED_TIMES(WRITER, role_middle, 2),
	     BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, role_middle, REACHED(WALKER, pte_before_recheck)),
	STEP(WRITER, role_middle, REACHED_TIMES(WALKER, pte_between_halves, 2)),
};

SCENARIO(double_compare) = {
	.name = "pte/double-compare",
	.rule = "two equal reads of an entry do not prove that the entry ever had this "
		"value",
	.reference = "Jann Horn, linux-mm 2022-10-06: the ABA is in the algorithm, not in the "
		     "number of reads",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", zap_refault_zap}},
	.script = STEPS(three_changes_in_the_read),
	CELLS(HOLDS(TWICE), BREAKS(shootdown_wait, TWICE)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};
