/* SPDX-License-Identifier: MIT */
/* A page is write-protected word by word, while a TLB handler marks its entry word by word. */
#include "tests/pte/protect.h"

static enum verdict judge(struct variant *v)
{
	if (stored_too_late(v))
		return VIOLATED;
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the first store met the change, and %s; CPU %u could not store after it",
		     v->flag[STORED] ? "went through" : "was refused", v->cpu[STORER]);
	return HELD;
}

/* The whole handler runs between the two changes of the writer. */
static const struct step store_between_the_words[] = {
	STEP(STORER, role_start, REACHED(WRITER, rights_between_halves)),
	STEP(STORER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, rights_between_halves, REACHED(STORER, role_middle)),
};

SCENARIO(wrprotect_halves) = {
	.name = "pte/wrprotect-halves",
	.rule = "the word that TLB handlers test loses the right to store before the TLB's word does",
	.reference = "Linux mips set_pte(), iPTE_SW(): ptep_set_wrprotect() stores high first",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[STORER] = {"storer", store_twice}, [WRITER] = {"writer", wrprotect}},
	.script = STEPS(store_between_the_words),
	CELLS(HOLDS(), BREAKS(wrprotect_software_first)),
	.setup = map_writable_clean,
	.judge = judge,
};

/* The writer changes both words between the two changes of the handler. */
static const struct step protect_between_the_marks[] = {
	STEP(STORER, touch_between_halves, BLOCKED_ON_ME(WRITER), REACHED(WRITER, role_done)),
	STEP(STORER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(STORER, touch_between_halves)),
};

SCENARIO(tlbmod_withdraw) = {
	.name = "pte/tlbmod-withdraw",
	.rule = "a TLB handler lets no store through by a right that was taken since it looked",
	.reference =
		"Linux mips iPTE_SW(): the second LL/SC is by OR, and nothing is read after it",
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_SOFT_TLB,
	.roles = {[STORER] = {"storer", store_twice}, [WRITER] = {"writer", wrprotect}},
	.script = STEPS(protect_between_the_marks),
	CELLS(HOLDS(), BREAKS(tlbmod_withdraw)),
	.setup = map_writable_clean,
	.judge = judge,
};
