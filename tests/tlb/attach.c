/* SPDX-License-Identifier: MIT */
/* A clear finds no other CPU with the space and leaves the flush for later, so a CPU that attaches
 * just then must not get a translation of the entry from before the clear. */
#include "tests/lab/mapped.h"

enum {
	JOINER,
	WRITER,
};

static void join(struct variant *v)
{
	mm_switch(NULL);
	race_point(role_middle);
	mm_switch(&v->mm);
	load_warm(v);
	race_point(role_middle);
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, JOINER, WRITER, RACE_clear_done)) {
		lab_saw(v,
			"CPU %u attached the space in the middle of a clear, and read frame 0x%x "
			"after it",
			v->cpu[JOINER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !lab_released_by(v, 2, 1))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u waited for the end of the clear before it loaded the root",
		     v->cpu[JOINER]);
	return HELD;
}

static const struct step attach_in_the_clear[] = {
	STEP(JOINER, role_middle, REACHED(WRITER, clear_deferring)),
	STEP(WRITER, role_start, REACHED(JOINER, role_middle)),
	STEP(WRITER, clear_deferring, REACHED_TIMES(JOINER, role_middle, 2), BLOCKED_ON_ME(JOINER)),
	STEP(JOINER, role_middle, REACHED(WRITER, clear_done)),
	STEP(WRITER, clear_done, REACHED(JOINER, role_done)),
};

SCENARIO(attach) = {
	.name = "tlb/attach",
	.rule = "a CPU that attaches a space waits for the end of every clear that did "
		"not see it",
	.reference = "Linux s390 ptep_xchg_lazy(), finish_arch_post_lock_switch(): flush_count",
	.mode = MODE_CHOREO,
	.needs = NEED_BROADCAST,
	.roles = {[JOINER] = {"joiner", join}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(attach_in_the_clear),
	CELLS(HOLDS(), BREAKS(attach_wait), BREAKS(switch_mb, FROM(TSO)),
	      BREAKS(clear_mb, FROM(TSO)), BREAKS(cleared_wmb, FROM(PSO))),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
