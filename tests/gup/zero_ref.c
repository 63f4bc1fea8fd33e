/* SPDX-License-Identifier: MIT */
/* The frame is free when a walker comes to take a reference on it. */
#include "tests/gup/reused.h"

static void zap(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
}

static enum verdict judge(struct variant *v)
{
	unsigned grabbed = lab_when(WALKER, RACE_gup_grabbed, 1);

	if (lab_when(WALKER, RACE_page_freed_twice, 1) ||
	    lab_when(WRITER, RACE_page_freed_twice, 1)) {
		lab_saw(v, "frame 0x%x, already free, got a reference and was freed a second time",
			page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	if (lab_released_by(v, 0, 1))
		lab_evidence(v, "the writer was blocked in its shootdown: the frame was not free");
	else if (!grabbed)
		lab_evidence(v,
			     "frame 0x%x was free when the walker came to it, and was left alone",
			     page_to_pfn(v->a));
	else
		return NO_EVIDENCE;
	return HELD;
}

SCENARIO(zero_ref) = {
	.name = "gup/zero-ref",
	.rule = "a frame whose count is zero is never revived",
	.reference = "Linux try_get_folio(): folio_ref_try_add()",
	.mode = MODE_CHOREO,
	.needs = NEED_NOWAIT,
	.roles = {[WALKER] = {"walker", gup_one}, [WRITER] = {"writer", zap}},
	.script = STEPS(reuse_before_the_reference),
	CELLS(HOLDS(NOWAIT), BREAKS(try_get_nonzero, NOWAIT),
	      MASKED(try_get_nonzero, "shootdown_wait", SYNC)),
	.setup = map_unowned,
	.judge = judge,
};
