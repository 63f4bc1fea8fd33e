/* SPDX-License-Identifier: MIT */
/* Page-out takes a page away and owes its flush, while a program drops the page and gets a fresh
 * one at the address. */
#include "tests/tlb/batched.h"
#include "tests/tlb/populate.h"

/* v->flag: */
enum {
	POPULATED = AFTER + 1, /* the fault was served */
};

/* The store leaves a translation. */
static void drop_and_load(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	v->value[ERROR] = (u32)sys_madvise(v->va, PAGE_SIZE, MADV_DONTNEED);
	v->flag[POPULATED] = populate(v);
	race_point(role_probe);
	v->value[AFTER] = user_load(v->va);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;

	v->outcome = v->value[AFTER] ? "old page" : "fresh page";
	if (v->value[ERROR] || !v->flag[POPULATED] || role_ended(v, PROGRAM, &end)) {
		lab_saw(v, "madvise() returned %d, or a fault was refused", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (v->value[AFTER]) {
		lab_saw(v,
			"a fresh page was established, and CPU %u still read 0x%x of the page that went out",
			v->cpu[PROGRAM], v->value[AFTER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[OUT] != 1)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page was dropped while page-out owed its flush, and CPU %u read a fresh one",
		v->cpu[PROGRAM]);
	return HELD;
}

SCENARIO(batched_unmap) = {
	.name = "tlb/batched-unmap",
	.rule = "a slot that page-out has emptied is flushed before another page is established there",
	.reference = "Linux 3ea277194daa; flush_tlb_batched_pending() in zap_pte_range()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PROGRAM] = {"program", drop_and_load}, [RECLAIMER] = {"reclaimer", take_out}},
	.script = STEPS(call_when_owed),
	CELLS_OF_A_FLUSH(settle_before_zap),
	.explored_below = FROM_TSO,
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
