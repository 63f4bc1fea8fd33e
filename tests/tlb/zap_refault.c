/* SPDX-License-Identifier: MIT */
/* A fault fills the slot as soon as the zap drops the lock. */
#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

/* The numbers of v->flag, behind those of mapped.h. */
enum {
	REFAULTED = AFTER + 1, /* the fault found the slot empty and filled it */
};

static bool setup(struct variant *v)
{
	v->b = lab_frame(v, ZONE_DIRECT);
	return v->b && map_one_frame(v);
}

/* The reader's own anonymous fault, in a second thread of the same space, fills the slot again. */
static void refault(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
	v->flag[REFAULTED] = lab_refault(v, lab_entry(v->b));
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (v->flag[REFAULTED] && read_old_frame(v, READER, READER, RACE_set_done)) {
		lab_saw(v,
			"frame 0x%x was established, and CPU %u still read frame 0x%x at the "
			"address",
			page_to_pfn(v->b), v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v) || !v->flag[REFAULTED] || !v->flag[AFTER])
		return NO_EVIDENCE;
	lab_evidence(v, "the fault came as soon as the lock dropped, and read the new frame 0x%x",
		     page_to_pfn(v->b));
	return HELD;
}

static const struct step refault_when_unlocked[] = {
	STEP(READER, role_middle, REACHED(WRITER, zap_unlocked)),
	STEP(WRITER, role_start, REACHED(READER, role_middle)),
	STEP(WRITER, zap_unlocked, REACHED(READER, role_done)),
};

SCENARIO(zap_refault) = {
	.name = "tlb/zap-refault",
	.rule = "no other frame is established at an address before the zap has flushed it",
	.reference = "Jann Horn, linux-mm 2022-10-06: zap_pte_range() drops the lock before the "
		     "flush; 1cf35d47712d",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", refault}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(refault_when_unlocked),
	CELLS_OF_A_FLUSH(flush_before_unlock),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
