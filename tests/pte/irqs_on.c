/* SPDX-License-Identifier: MIT */
/* A shootdown comes while a walker is inside. */
#include "mm/gup/gup.h"
#include "tests/lab/mapped.h"

enum {
	WALKER,
	WRITER,
};

static void walk(struct variant *v)
{
	struct page *page;

	if (gup_fast(v->va, 1, FOLL_WRITE, &page) == 1)
		put_page(page);
}

static enum verdict judge(struct variant *v)
{
	unsigned zapped = lab_when(WRITER, RACE_zap_done, 1);
	unsigned cleared = lab_when(WRITER, RACE_clear_done, 1);
	unsigned entered = lab_when(WALKER, RACE_walk_begin, 1);
	unsigned left = lab_when(WALKER, RACE_walk_end, 1);

	if (entered < cleared && zapped && zapped < left) {
		lab_saw(v,
			"the zap returned (event %u) while the walker was inside (left at event %u)",
			zapped, left);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !lab_released_by(v, 0, 1))
		return NO_EVIDENCE;
	lab_evidence(v, "the writer was blocked in its shootdown until the walker left (event %u)",
		     left);
	return HELD;
}

static const struct step zap_in_the_walk[] = {
	STEP(WALKER, pte_read_done, REACHED(WRITER, zap_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_read_done)),
};

SCENARIO(irqs_on) = {
	.name = "pte/irqs-on",
	.rule = "a writer's wait ends only after every walker that was inside has left",
	.reference = "Linux gup_fast(): local_irq_save() from the first read to the last use",
	.mode = MODE_CHOREO,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(zap_in_the_walk),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(walker_irqs_off, WITH(flush, sync))),
	.setup = map_one_frame,
	.judge = judge,
};
