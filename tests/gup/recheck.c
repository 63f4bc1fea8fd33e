/* SPDX-License-Identifier: MIT */
/* The frame is freed, and gets another owner, between a walker's read of the entry and its
 * reference. */
#include "tests/gup/reused.h"

/* The zap frees the frame, and the lab, as another owner, gets it. */
static void zap_and_reuse(struct variant *v)
{
	pfn_t pfn = page_to_pfn(v->a);
	struct page *page;

	lab_zap(v);
	page = alloc_page_at(pfn);
	v->value[OWNED] = page != NULL;
	race_point(role_middle);
	if (page)
		put_page(page);
}

static enum verdict judge(struct variant *v)
{
	unsigned grabbed = lab_when(WALKER, RACE_gup_grabbed, 1);
	unsigned reused = lab_when(WRITER, RACE_role_middle, 1);

	if (v->value[FOUND] && v->value[OWNED] && reused < grabbed) {
		lab_saw(v, "gup_fast returned frame 0x%x, which had another owner by then",
			page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !grabbed)
		return NO_EVIDENCE;
	if (lab_released_by(v, 0, 1))
		lab_evidence(v,
			     "the writer was blocked in its shootdown: the frame was still mapped");
	else
		lab_evidence(v, "a reference was taken on the reused frame 0x%x, and given back",
			     page_to_pfn(v->a));
	return HELD;
}

SCENARIO(recheck) = {
	.name = "gup/recheck",
	.rule = "a walker that has taken a reference checks that the entry still maps "
		"the frame",
	.reference = "Linux gup_fast_pte_range(): (1) pin (2) check pte unchanged",
	.mode = MODE_CHOREO,
	.needs = NEED_NOWAIT,
	.roles = {[WALKER] = {"walker", gup_one}, [WRITER] = {"writer", zap_and_reuse}},
	.script = STEPS(reuse_before_the_reference),
	CELLS(HOLDS(NOWAIT), BREAKS(ref_recheck, NOWAIT),
	      MASKED(ref_recheck, "shootdown_wait", SYNC)),
	.setup = map_unowned,
	.judge = judge,
};
