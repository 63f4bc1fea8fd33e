/* SPDX-License-Identifier: MIT */
/* One thread moves a page that another thread of its space has used and uses again. */
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	TOUCHER,
	MOVER,
};

/* v->value: */
enum {
	MOVED, /* by how much mremap() moved the page */
};

/* v->flag: */
enum {
	STORED, /* the first store, so it came before the move */
};

#define WARM_WORD 0x0a11f00du
#define DISTANCE  (2 * PAGE_SIZE)

static void touch_twice(struct variant *v)
{
	struct lab_patience patience = {0};
	struct role_end end;

	user_store(v->va, WARM_WORD);
	v->flag[STORED] = !role_ended(v, TOUCHER, &end);
	race_point(role_middle);
	if (!lab_together(v))
		return;
	while (lab_at_work(v, MOVER, &patience))
		user_store(v->va, WARM_WORD);
	race_point(role_probe);
	user_store(v->va, LATE_WORD);
}

static void move_page(struct variant *v)
{
	vaddr_t to = v->va + DISTANCE;

	if (!lab_together(v))
		return;
	v->value[MOVED] =
		(u32)(sys_mremap(v->va, PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, to) -
		      v->va);
	race_point(role_middle);
}

static enum verdict judge(struct variant *v)
{
	unsigned moved = lab_when(MOVER, RACE_role_middle, 1);
	unsigned probed = lab_when(TOUCHER, RACE_role_probe, 1);
	struct role_end end;
	bool ended = role_ended(v, TOUCHER, &end);

	v->outcome = ended ? "fault" : "stored";
	if (v->value[MOVED] != DISTANCE) {
		lab_saw(v, "mremap() moved the page by 0x%x", v->value[MOVED]);
		return VIOLATED;
	}
	if (!ended && moved && moved < probed) {
		lab_saw(v,
			"mremap() had returned, and CPU %u still stored to the old address 0x%lx: the word at the new one is 0x%x",
			v->cpu[TOUCHER], (unsigned long)v->va, mapped_word(v, v->va + DISTANCE));
		return VIOLATED;
	}
	if (ended && v->flag[STORED] && mapped_word(v, v->va + DISTANCE) != WARM_WORD) {
		lab_saw(v, "the page had 0x%x, and has 0x%x at its new address", WARM_WORD,
			mapped_word(v, v->va + DISTANCE));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !ended || end.address != v->va)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the store after mremap() faulted at 0x%lx, and the page went on 0x%lx behind it",
		(unsigned long)v->va, (unsigned long)DISTANCE);
	return HELD;
}

static const struct step touch_when_moved[] = {
	STEP(TOUCHER, role_middle, REACHED(MOVER, role_middle)),
	STEP(MOVER, role_start, REACHED(TOUCHER, role_middle)),
};

SCENARIO(move_touch) = {
	.name = "space/move-touch",
	.rule = "after mremap() has returned, no thread of the space uses the old addresses",
	.reference = "mremap(2); Linux move_ptes(): flush_tlb_range() of the old addresses",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[TOUCHER] = {"toucher", touch_twice}, [MOVER] = {"mover", move_page}},
	.script = STEPS(touch_when_moved),
	CELLS_OF_A_FLUSH(move_flush),
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
