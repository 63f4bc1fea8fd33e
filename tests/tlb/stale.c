/* SPDX-License-Identifier: MIT */
#include "tests/lab/lab.h"

enum {
	READER,
	WRITER,
};

/* What the reader found before and after the zap. */
enum {
	WARM,
	AFTER,
};

static bool setup(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

static void read_twice(struct variant *v)
{
	v->flag[WARM] = lab_load_tag(v->va, &v->value[WARM]);
	race(role_middle);
	v->flag[AFTER] = lab_load_tag(v->va, &v->value[AFTER]);
}

static enum verdict judge(struct variant *v)
{
	u32 tag = lab_tag(page_to_pfn(v->a));

	if (v->flag[AFTER] && v->value[AFTER] == tag) {
		lab_saw(v, "after the zap returned, CPU %u still read frame 0x%x at the address",
			v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete() || !v->flag[WARM] || v->value[WARM] != tag)
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u read frame 0x%x before the zap, and faulted after it", v->cpu[READER],
		     page_to_pfn(v->a));
	return HELD;
}

SCENARIO(stale) = {
	.name = "tlb/stale",
	.rule = "no CPU uses a zapped translation after the zap has returned",
	.reference = "Intel SDM vol. 3, 4.10.5 (TLB shootdown); Linux flush_tlb_mm_range()",
	.mode = "choreo",
	.roles = {{"reader", read_twice}, {"writer", lab_zap}},
	.script = {
		STEP(READER, role_middle, REACHED(WRITER, role_done)),
		STEP(WRITER, role_start, REACHED(READER, role_middle)),
	},
	CELLS(HOLDS(), BREAKS(shootdown)),
	.tries = 8, /* an emulator may drop translations of its own accord */
	.setup = setup,
	.judge = judge,
};
