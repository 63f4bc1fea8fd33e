/* SPDX-License-Identifier: MIT */
/* The zapping CPU is the only one with the space, so no other CPU's flush helps it. */
#include "tests/lab/mapped.h"

enum {
	ZAPPER,
};

static void zap_and_look(struct variant *v)
{
	load_warm(v);
	lab_zap(v);
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, ZAPPER, ZAPPER, RACE_zap_done)) {
		lab_saw(v, "CPU %u zapped frame 0x%x, and still read it at the address",
			v->cpu[ZAPPER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u read frame 0x%x before its own zap, and faulted after it",
		     v->cpu[ZAPPER], page_to_pfn(v->a));
	return HELD;
}

SCENARIO(own_zap) = {
	.name = "tlb/own-zap",
	.rule = "the CPU that zaps does not use the zapped translation either",
	.reference = "Intel SDM vol. 3, 4.10.4.2; Linux flush_tlb_mm_range(): flush_tlb_func() on "
		     "the local CPU",
	.mode = MODE_PROBE,
	.roles = {{"zapper", zap_and_look}},
	CELLS(HOLDS(), BREAKS(own_flush), HOLDS(WITH(flush, nowait)),
	      BREAKS(own_flush, IF(NEED_IPI_FLUSH), WITH(flush, nowait))),
	.tries = 8, /* because an emulator may drop translations of its own accord */
	.setup = map_one_frame,
	.judge = judge,
};
