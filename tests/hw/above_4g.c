/* SPDX-License-Identifier: MIT */
/* Frames above 4 GiB are frames of their own, and the hardware walker reaches them. */
#include "tests/lab/mapped.h"

static u32 word_of(struct page *page)
{
	return READ_ONCE(*(u32 *)page_map(page_to_pfn(page), WINDOW_A));
}

static void look(struct variant *v)
{
	v->flag[0] = lab_load_tag(v->va, &v->value[0]);
	v->value[1] = word_of(v->a);
	v->value[2] = word_of(v->decoy);
}

static enum verdict judge(struct variant *v)
{
	u32 tag = lab_tag(page_to_pfn(v->a));

	if (!v->flag[0] || v->value[0] != tag || v->value[1] != tag ||
	    v->value[2] != lab_tag(page_to_pfn(v->decoy))) {
		lab_saw(v, "frame 0x%x: the address read 0x%x, its window 0x%x, the decoy's 0x%x",
			page_to_pfn(v->a), v->flag[0] ? v->value[0] : 0, v->value[1], v->value[2]);
		return VIOLATED;
	}
	lab_counted(v, v->flag[0]);
	lab_evidence(v, "frames 0x%x and 0x%x keep different tags", page_to_pfn(v->a),
		     page_to_pfn(v->decoy));
	return HELD;
}

SCENARIO(above_4g) = {
	.name = "hw/above-4G",
	.rule = "an entry's high half reaches the frame it names, not the one at its address mod 4 "
		"GiB",
	.reference = "Intel SDM vol. 3, 4.4.2; QEMU issues 2040, 2206",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "load through the high frame's entry")},
	.needs = NEED_HIGH_RAM,
	.roles = {{"cpu", look}},
	CELLS(HOLDS()),
	.setup = map_high_frame,
	.judge = judge,
};
