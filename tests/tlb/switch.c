/* SPDX-License-Identifier: MIT */
/* A page is zapped while a CPU is half way into the space. */
#include "tests/lab/mapped.h"

enum {
	JOINER,
	WRITER,
};

/* The root is loaded and interrupts are off. Gets a translation, and is held here. */
static void load_and_stop(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
}

/* Leaves the space and joins it again. */
static void join(struct variant *v)
{
	mm_switch(NULL);
	race_point(role_middle);
	mm_switch(&v->mm);
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, JOINER, WRITER, RACE_zap_done)) {
		lab_saw(v,
			"CPU %u, which had loaded the root but was not in the mask yet, kept frame "
			"0x%x",
			v->cpu[JOINER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u read frame 0x%x as soon as the root was loaded; the zap waited for it",
		     v->cpu[JOINER], page_to_pfn(v->a));
	return HELD;
}

static const struct step zap_half_way_in[] = {
	STEP(JOINER, role_middle, REACHED(WRITER, switch_loaded)),
	STEP_ACT(JOINER, switch_loaded, load_and_stop),
	STEP(JOINER, role_middle, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED_TIMES(JOINER, role_middle, 2)),
};

SCENARIO(switch_mask) = {
	.name = "tlb/switch",
	.rule = "a CPU sets its bit in the mask, passes a barrier and then loads the root",
	.reference = "Linux switch_mm_irqs_off(): cpumask_set_cpu() before load_new_mm_cr3()",
	.mode = MODE_CHOREO,
	.roles = {[JOINER] = {"joiner", join}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_half_way_in),
	CELLS(HOLDS(), BREAKS(mask_before_load, IF(NEED_IPI_FLUSH)),
	      BREAKS(switch_mb, FROM(TSO), IF(NEED_IPI_FLUSH))),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
