/* SPDX-License-Identifier: MIT */
/*
 * The layout without a part of the address in the half with the present bit, so the low halves of
 * all pages with the same rights are equal. (mips parts with 36-bit addresses have it, and PAE and
 * XPA do for frames different only in the other half.) The re-check can tell an entry from none,
 * but not from another entry. One cycle, of any two frames, is enough.
 */
#include "tests/pte/software.h"

static bool equal_low_halves(struct variant *v)
{
	v->entry_a = lab_software_entry(1, 1);
	v->entry_b = lab_software_entry(1, 1);
	v->entry_b.word[OTHER_WORD] = lab_software_entry(2, 2).word[OTHER_WORD];
	lab_establish(v, v->entry_a);
	return true;
}

static void replace(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
	lab_establish(v, v->entry_b);
}

static const struct step replace_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_before_recheck, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, role_middle, REACHED(WALKER, pte_before_recheck)),
};

SCENARIO(equal_present) = {
	.name = "pte/36bit",
	.rule = "where all low halves are equal the re-check proves nothing, so only "
		"the writer's wait keeps a read whole",
	.reference = "Linux mips, 36-bit physical addresses: pte_low has no bit of the frame",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", replace}},
	.script = STEPS(replace_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)),
	      BREAKS(shootdown_wait, WITH(flush, sync), WITH(pte_read, recheck))),
	.setup = equal_low_halves,
	.judge = judge_value,
};
