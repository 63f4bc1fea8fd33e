/* SPDX-License-Identifier: MIT */
/* A CPU is held in the middle of the handler that answers a shootdown. */
#include <asm/irq.h>

#include "kernel/smp/percpu.h"
#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

/* Warms the TLB, and takes the interrupt after it has been sent and not before. The script holds
 * this CPU in the middle of the handler. */
static void warm(struct variant *v)
{
	u32 flags = irq_save();

	load_warm(v);
	race_point(role_middle);
	irq_restore(flags);
	wait_until(!READ_ONCE(this_cpu()->shootdown_pending), WAIT_JOB, BIT(v->cpu[WRITER]));
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, READER, WRITER, RACE_zap_done)) {
		lab_saw(v,
			"the zap had returned, but CPU %u, acknowledged and not yet flushed, still "
			"read "
			"frame 0x%x",
			v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"in the middle of the handler CPU %u had flushed, and the writer was still waiting",
		v->cpu[READER]);
	return HELD;
}

static const struct step load_half_served[] = {
	STEP(READER, role_middle, REACHED(WRITER, shootdown_sent)),
	STEP_ACT(READER, served_half, load_after, REACHED(WRITER, zap_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(READER, role_middle)),
};

SCENARIO(early_ack) = {
	.name = "pte/early-ack",
	.rule = "a CPU acknowledges a shootdown after it has flushed",
	.reference = "Intel SDM vol. 3, 4.10.5; Linux flush_tlb_func() before csd_unlock()",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", warm}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(load_half_served),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(ack_after_flush, WITH(flush, sync))),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
