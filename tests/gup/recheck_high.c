/* SPDX-License-Identifier: MIT */
/* The entry changes only in its other half, to the frame at the same address modulo 4 GiB, so the
 * second look has to be at all of it. */
#include "tests/gup/reused.h"
#include "tests/lab/mapped.h"

static void map_the_decoy(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, lab_entry(v->decoy));
	smp_mb(); /* the store behind "mapped" must not be on its way any more */
	race_point(role_middle);
}

static enum verdict judge(struct variant *v)
{
	unsigned grabbed = lab_when(WALKER, RACE_gup_grabbed, 1);
	unsigned mapped = lab_when(WRITER, RACE_role_middle, 1);
	bool first = grabbed && lab_value_at(grabbed) == page_to_pfn(v->a);

	if (v->value[FOUND] && first && !lab_when(WALKER, RACE_gup_grabbed, 2) &&
	    mapped && mapped < grabbed) {
		lab_saw(v,
			"gup_fast returned frame 0x%x, and the address mapped frame 0x%x by then",
			page_to_pfn(v->a), page_to_pfn(v->decoy));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !first || !mapped || mapped > grabbed)
		return NO_EVIDENCE;
	lab_evidence(v,
		     "a reference was taken on frame 0x%x when the entry named frame 0x%x, and "
		     "given back",
		     page_to_pfn(v->a), page_to_pfn(v->decoy));
	return HELD;
}

SCENARIO(recheck_high) = {
	.name = "gup/recheck-high",
	.rule = "the second look compares the whole entry, because the halves with the "
		"present bit may be equal",
	.reference = "Linux gup_fast_pte_range(): pte_val(pte) != pte_val(ptep_get(ptep)), of 64 "
		     "bits on PAE",
	.mode = MODE_CHOREO,
	.needs = NEED_NOWAIT | NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_one}, [WRITER] = {"writer", map_the_decoy}},
	.script = STEPS(reuse_before_the_reference),
	CELLS(HOLDS(NOWAIT), BREAKS(ref_recheck, NOWAIT)),
	.setup = map_high_frame,
	.judge = judge,
};
