/* SPDX-License-Identifier: MIT */
/*
 * The same races end to end, with gup_fast on real frames. Frame A lies above 4 GiB. A torn entry
 * with A's low half and a high half of zero names the decoy, the frame at A's address mod 4 GiB.
 * gup_fast's second look at the entry throws a torn value away, so the oracle is the log of
 * references taken, even for a moment (in Linux the damage of a torn read is a reference on an
 * unrelated page).
 */
#pragma once

#include "mm/gup/gup.h"
#include "tests/lab/lab.h"

static inline bool high_frames(struct variant *v)
{
	v->a = lab_high_frame(v, &v->decoy);
	v->b = lab_frame(v, ZONE_HIGH);
	if (!v->a || !v->b)
		return false;
	v->entry_a = lab_entry(v->a);
	v->entry_b = lab_entry(v->b);
	return true;
}

static inline bool high_frames_mapped(struct variant *v)
{
	if (!high_frames(v))
		return false;
	lab_establish(v, v->entry_a);
	return true;
}

static inline void gup_once(struct variant *v)
{
	struct page *page;

	if (gup_fast(v->va, 1, FOLL_WRITE, &page) == 1)
		put_page(page);
}

static inline bool was_mapped(const struct variant *v, pfn_t pfn)
{
	for (unsigned i = 0; i < v->nr_legal; i++)
		if (entry_pfn(v->legal[i]) == pfn)
			return true;
	return false;
}

static inline enum verdict judge_grabs(struct variant *v)
{
	unsigned when;

	v->outcome = lab_when(0, RACE_gup_grabbed, 1) ? "its own frame" : "no frame";
	for (unsigned nth = 1; (when = lab_when(0, RACE_gup_grabbed, nth)); nth++) {
		pfn_t pfn = (pfn_t)lab_value_at(when);

		if (was_mapped(v, pfn))
			continue;
		v->outcome = "another frame";
		lab_saw(v, "a reference was taken on frame 0x%x%s, which this address never mapped",
			pfn, pfn == page_to_pfn(v->decoy) ? " (the decoy)" : "");
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "%s while the walker stood between its reads; decoy 0x%x untouched",
		     lab_released_by(v, 0, 1) ? "the writer was blocked in its shootdown"
					      : "the writer changed the entry",
		     page_to_pfn(v->decoy));
	return HELD;
}
