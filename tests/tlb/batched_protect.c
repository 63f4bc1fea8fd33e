/* SPDX-License-Identifier: MIT */
/* Page-out takes a page away and owes its flush, while a program makes the page read-only. */
#include "tests/tlb/batched.h"

/* The first store leaves a translation with the right to store. */
static void protect_and_store(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	v->value[ERROR] = (u32)sys_mprotect(v->va, PAGE_SIZE, PROT_READ);
	race_point(role_probe);
	user_store(v->va, LATE_WORD);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;
	bool ended = role_ended(v, PROGRAM, &end);

	v->outcome = ended ? "fault" : "stored";
	if (v->value[ERROR]) {
		lab_saw(v, "mprotect() returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (!ended) {
		lab_saw(v,
			"mprotect() had returned, and CPU %u still stored 0x%x to the read-only page at 0x%lx",
			v->cpu[PROGRAM], LATE_WORD, (unsigned long)v->va);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[OUT] != 1)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"mprotect() found an empty slot whose flush page-out owed, and CPU %u's store behind it faulted",
		v->cpu[PROGRAM]);
	return HELD;
}

SCENARIO(batched_protect) = {
	.name = "tlb/batched-protect",
	.rule = "after mprotect() no store goes through a translation that page-out has not flushed yet",
	.reference = "Linux 3ea277194daa; flush_tlb_batched_pending() in change_pte_range()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles =
		{[PROGRAM] = {"program", protect_and_store}, [RECLAIMER] = {"reclaimer", take_out}},
	.script = STEPS(call_when_owed),
	CELLS_OF_A_FLUSH(settle_before_protect),
	.explored_below = FROM_TSO,
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
