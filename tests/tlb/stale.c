/* SPDX-License-Identifier: MIT */
/* A page is zapped while another CPU has its translation. */
#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

static void read_twice(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, READER, WRITER, RACE_zap_done)) {
		lab_saw(v, "after the zap returned, CPU %u still read frame 0x%x at the address",
			v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u read frame 0x%x before the zap, and faulted after it",
		     v->cpu[READER], page_to_pfn(v->a));
	return HELD;
}

static const struct step zap_between_the_loads[] = {
	STEP(READER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(READER, role_middle)),
};

SCENARIO(stale) = {
	.name = "tlb/stale",
	.rule = "no CPU uses a zapped translation after the zap has returned",
	.reference = "Intel SDM vol. 3, 4.10.5 (TLB shootdown); Linux flush_tlb_mm_range()",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", read_twice}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_between_the_loads),
	CELLS(HOLDS(), BREAKS(shootdown, IF(NEED_IPI_FLUSH)), HOLDS(WITH(flush, nowait)),
	      BREAKS(shootdown, IF(NEED_IPI_FLUSH), WITH(flush, nowait)),
	      BREAKS(invalidate_at_clear, IF(NEED_BROADCAST)),
	      /* An interrupt without a posting is lost, and an NMI without one counts as the
	       * hardware's. */
	      BREAKS(ipi_mb, BY(DEADLOCK), FROM(TSO), IF(NEED_IPI_FLUSH)),
	      BREAKS(ipi_mb, BY(STOP), FROM(TSO), IF(NEED_IPI_FLUSH), WITH(flush, nowait))),
	.tries = 8, /* because an emulator may drop translations of its own accord */
	.setup = map_one_frame,
	.judge = judge,
};
