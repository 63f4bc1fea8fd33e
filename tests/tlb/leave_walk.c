/* SPDX-License-Identifier: MIT */
/* A CPU leaves a space, and stays in the mask until it has loaded another root, because its
 * hardware may walk from a loaded root. */
#include "tests/lab/mapped.h"

enum {
	LEAVER,
	WRITER,
};

/* Half way, the CPU has left the mask or loaded another root, but not both. The load stands for a
 * walk by the hardware itself. */
static void walk(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
	load_after(v);
}

static void leave(struct variant *v)
{
	mm_switch(NULL);
	mm_switch(&v->mm);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, LEAVER, WRITER, RACE_zap_done)) {
		lab_saw(v,
			"CPU %u had left the mask, still had the root, and read frame 0x%x after "
			"it was zapped",
			v->cpu[LEAVER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->flag[AFTER])
		return NO_EVIDENCE;
	lab_evidence(v, "half way, CPU %u %s frame 0x%x before the zap, and faulted after it",
		     v->cpu[LEAVER], was_warm(v) ? "still read" : "did not find",
		     page_to_pfn(v->a));
	return HELD;
}

static const struct step zap_half_way_out[] = {
	STEP_ACT(LEAVER, switch_left, walk),
	STEP(LEAVER, role_middle, REACHED(WRITER, zap_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(LEAVER, role_middle)),
};

SCENARIO(leave_walk) = {
	.name = "tlb/leave-walk",
	.rule = "a CPU leaves the mask of a space only after it has loaded another root",
	.reference =
		"Linux switch_mm_irqs_off(): load_new_mm_cr3(), then cpumask_clear_cpu() of the "
		"previous space",
	.mode = MODE_CHOREO,
	.roles = {[LEAVER] = {"leaver", leave}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_half_way_out),
	CELLS(HOLDS(), BREAKS(leave_after_load, IF(NEED_IPI_FLUSH)),
	      MASKED(leave_after_load, "the flush of a clear is a broadcast", IF(NEED_BROADCAST))),
	.tries = 8,
	.filling = FILLING_ALWAYS,
	.setup = map_one_frame,
	.judge = judge,
};
