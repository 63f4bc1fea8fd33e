/* SPDX-License-Identifier: MIT */
/* An upper entry is cleared between a walker's test of it and its use. */
#include "tests/walk/tables.h"

static enum verdict judge(struct variant *v)
{
	unsigned when = lab_when(WALKER, RACE_gup_pte_table, 1);
	paddr_t slot = when ? lab_value_at(when) : 0;

	if (when && slot >> PAGE_SHIFT != v->value[TABLE]) {
		lab_saw(v,
			"the walker tested an entry that led to table 0x%x and followed one that "
			"led to 0x%llx",
			v->value[TABLE], (unsigned long long)slot);
		return VIOLATED;
	}
	if (!when || !lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the entry was cleared after its test; the walker went to table 0x%x all the same",
		v->value[TABLE]);
	return HELD;
}

static const struct step free_after_the_test[] = {
	STEP(WALKER, gup_pmd_read, BLOCKED_ON_ME(WRITER), REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(WALKER, gup_pmd_read)),
};

SCENARIO(re_read) = {
	.name = "walk/re-read",
	.rule = "a walker reads an upper entry once and follows the value that it "
		"tested",
	.reference = "Jason Gunthorpe, linux-mm 2020-09-10: the 2nd load could observe something "
		     "that is no "
		     "longer a page table pointer; Linux d3f7b1bb2040",
	.mode = MODE_CHOREO,
	.roles = {[WALKER] = {"walker", gup_in_table}, [WRITER] = {"writer", free_table}},
	.script = STEPS(free_after_the_test),
	CELLS(HOLDS(), BREAKS(read_once)),
	.setup = own_table,
	.judge = judge,
};
