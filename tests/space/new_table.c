/* SPDX-License-Identifier: MIT */
/* A table is made while others walk, and a walk through its new entry must find empty slots, not
 * the old contents of the frame. */
#include <asm/trap.h>

#include "tests/walk/tables.h"

/* The numbers of v->value, behind those of tables.h. */
enum {
	PFN = FOUND + 1, /* the frame of the first page found */
};

/* The numbers of v->flag. */
enum {
	MET_POISON, /* the hardware took the frame's old contents for an entry */
};

/* The frame for the new table. It was freed just before, so it is full of poison. */
static bool setup(struct variant *v)
{
	struct page *page;

	v->a = lab_frame(v, ZONE_DIRECT);
	page = alloc_page(ZONE_DIRECT);
	if (!v->a || !page)
		return false;
	put_page(page);
	v->va += TABLE_SPAN;
	return true;
}

/* Walks by software and by hardware. Poison taken for an entry names no frame. */
static void walk(struct variant *v)
{
	struct page *page;
	struct fault fault;
	u32 tag;

	v->flag[MET_POISON] = !try_load(v->va, &tag, &fault) && fault.cause & FAULT_RESERVED;

	v->value[FOUND] = gup_fast(v->va, 1, FOLL_WRITE, &page);
	if (!v->value[FOUND])
		return;
	v->value[PFN] = page_to_pfn(page);
	put_page(page);
}

static void establish(struct variant *v)
{
	get_page(v->a);
	if (!mm_establish(&v->mm, v->va, lab_entry(v->a)))
		put_page(v->a);
}

static enum verdict judge(struct variant *v)
{
	unsigned left = lab_when(WALKER, RACE_walk_end, 1),
		 made = lab_when(WRITER, RACE_set_done, 1);

	v->outcome = v->value[FOUND] ? "found" : "nothing";
	if (v->flag[MET_POISON]) {
		lab_saw(v,
			"the hardware of CPU %u walked a table that was still what the frame "
			"had held before",
			v->cpu[WALKER]);
		return VIOLATED;
	}
	if (v->value[FOUND] && v->value[PFN] != page_to_pfn(v->a)) {
		lab_saw(v,
			"the walker found frame 0x%x, which was never mapped, in a table that "
			"was being made",
			v->value[PFN]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !made || made > left)
		return NO_EVIDENCE;
	lab_evidence(v, "the walker came to the new table before it was full, and %s",
		     v->value[FOUND] ? "found the page" : "found nothing");
	return HELD;
}

static const struct step walk_when_linked[] = {
	STEP(WALKER, role_start, REACHED(WRITER, set_done)),
	STEP(WRITER, set_done, REACHED(WALKER, role_done)),
};

SCENARIO(new_table) = {
	.name = "space/new-table",
	.rule = "a new table is empty before an entry leads to it",
	.reference = "Linux pmd_install(): smp_wmb() before pmd_populate()",
	.mode = MODE_CHOREO,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", establish}},
	.script = STEPS(walk_when_linked),
	CELLS(HOLDS(), BREAKS(table_wmb, FROM(PSO), IF(NEED_FOLDING)),
	      BREAKS(table_wmb, FROM(PSO), IF(NEED_TOP_CACHE)),
	      MASKED(table_wmb, "set_wmb", FROM(PSO), IF(NEED_SPLIT))),
	.setup = setup,
	.judge = judge,
};
