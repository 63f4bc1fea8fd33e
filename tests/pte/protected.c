/* SPDX-License-Identifier: MIT */
/* A page is write-protected, and a CPU has a translation that lets stores through. */
#include "tests/lab/mapped.h"
#include "tests/pte/protect.h"

static enum verdict judge(struct variant *v)
{
	if (stored_too_late(v))
		return VIOLATED;
	if (!lab_script_complete(v) || !v->flag[STORED])
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u stored to the page before it was write-protected, and not after",
		     v->cpu[STORER]);
	return HELD;
}

static const struct step store_when_protected[] = {
	STEP(STORER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
};

SCENARIO(protected) = {
	.name = "pte/protected",
	.rule = "no CPU uses a right that was taken once protect_page_range() has returned",
	.reference =
		"Linux change_protection_range(): tlb_finish_mmu() after change_pte_range(); Intel SDM vol. 3, 4.10.4.2",
	.mode = MODE_CHOREO,
	.roles = {[STORER] = {"storer", store_twice}, [WRITER] = {"writer", wrprotect}},
	.script = STEPS(store_when_protected),
	CELLS_OF_A_FLUSH(rights_flush),
	.tries = 8,
	.setup = map_writable_dirty,
	.judge = judge,
};
