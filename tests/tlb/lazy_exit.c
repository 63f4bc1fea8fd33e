/* SPDX-License-Identifier: MIT */
/* A CPU that ends being lazy is half way, in the mask or flushed but not both, and a translation
 * made by its hardware at this moment must not outlive a zap. */
#include "tests/lab/mapped.h"

enum {
	BORROWER,
	WRITER,
};

/* Stands for the hardware's own translation of an address without an access. The root is loaded, so
 * it may come at any time. */
static void translate(struct variant *v)
{
	load_warm(v);
	race_point(role_middle);
}

static void borrow(struct variant *v)
{
	mm_lazy_enter();
	mm_lazy_exit();
	load_after(v);
}

static enum verdict judge(struct variant *v)
{
	if (read_old_frame(v, BORROWER, WRITER, RACE_zap_done)) {
		lab_saw(v,
			"CPU %u, half way back from being lazy, kept frame 0x%x, which was "
			"zapped then",
			v->cpu[BORROWER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u translated the address half way back, and faulted after the zap",
		     v->cpu[BORROWER]);
	return HELD;
}

static const struct step zap_half_way_back[] = {
	STEP_ACT(BORROWER, lazy_exit_half, translate),
	STEP(BORROWER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(BORROWER, role_middle)),
};

SCENARIO(lazy_exit) = {
	.name = "tlb/lazy-exit",
	.rule = "a CPU that stops being lazy joins the mask first and flushes then",
	.reference = "Linux switch_mm_irqs_off(): cpumask first, then tlb_gen is compared",
	.mode = MODE_CHOREO,
	.roles = {[BORROWER] = {"borrower", borrow}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_half_way_back),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(join_before_flush)),
	.tries = 8,
	.setup = map_one_frame,
	.judge = judge,
};
