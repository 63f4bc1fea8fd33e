/* SPDX-License-Identifier: MIT */
/* Frames above 4 GiB are frames of their own, and the hardware walker reaches them. */
#include "tests/lab/mapped.h"

/* The numbers of v->value and v->flag. */
enum {
	LOADED,	  /* the tag read at the address, without a fault */
	IN_FRAME, /* the first word of the high frame */
	IN_DECOY, /* the first word of its decoy */
};

static u32 word_of(struct page *page)
{
	return READ_ONCE(*(u32 *)page_map(page_to_pfn(page), WINDOW_A));
}

static void look(struct variant *v)
{
	v->flag[LOADED] = lab_load_tag(v->va, &v->value[LOADED]);
	v->value[IN_FRAME] = word_of(v->a);
	v->value[IN_DECOY] = word_of(v->decoy);
}

static enum verdict judge(struct variant *v)
{
	u32 tag = lab_tag(page_to_pfn(v->a));

	if (!v->flag[LOADED] || v->value[LOADED] != tag || v->value[IN_FRAME] != tag ||
	    v->value[IN_DECOY] != lab_tag(page_to_pfn(v->decoy))) {
		lab_saw(v, "frame 0x%x: the address read 0x%x, its window 0x%x, the decoy's 0x%x",
			page_to_pfn(v->a), v->flag[LOADED] ? v->value[LOADED] : 0,
			v->value[IN_FRAME], v->value[IN_DECOY]);
		return VIOLATED;
	}
	lab_counted(v, v->flag[LOADED]);
	lab_evidence(v, "frames 0x%x and 0x%x keep different tags", page_to_pfn(v->a),
		     page_to_pfn(v->decoy));
	return HELD;
}

SCENARIO(above_4g) = {
	.name = "hw/above-4G",
	.rule = "an entry's high half selects the frame above 4 GiB, not the frame at "
		"the same address modulo 4 GiB",
	.reference = "Intel SDM vol. 3, 4.4.2; QEMU issues 2040, 2206",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "load through the high frame's entry")},
	.needs = NEED_HIGH_RAM,
	.roles = {{"cpu", look}},
	CELLS(HOLDS()),
	.setup = map_high_frame,
	.judge = judge,
};
