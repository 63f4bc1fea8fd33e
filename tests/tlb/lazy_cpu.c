/* SPDX-License-Identifier: MIT */
/* A page is zapped while a CPU only borrows the space. */
#include "tests/lab/mapped.h"

enum {
	BORROWER,
	WRITER,
};

static void borrow(struct variant *v)
{
	load_warm(v);
	mm_lazy_enter();
	race_point(role_middle);
	mm_lazy_exit();
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, BORROWER, WRITER, RACE_zap_done)) {
		lab_saw(v, "CPU %u, no longer lazy, still read frame 0x%x, zapped while it was",
			v->cpu[BORROWER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u was left alone while it was lazy, and faulted when it was back",
		     v->cpu[BORROWER]);
	return HELD;
}

static const struct step zap_while_lazy[] = {
	STEP(BORROWER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(BORROWER, role_middle)),
};

SCENARIO(lazy_cpu) = {
	.name = "tlb/lazy-cpu",
	.rule = "a CPU that borrows an address space is flushed when it stops being lazy",
	.reference =
		"Linux switch_mm_irqs_off(), tlb_gen; 3ef938c35035 x86/mm: Fix flush_tlb_range()",
	.mode = MODE_CHOREO,
	.roles = {[BORROWER] = {"borrower", borrow}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_while_lazy),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(lazy_exit_flush)),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
