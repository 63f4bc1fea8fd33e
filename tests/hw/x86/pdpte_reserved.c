/* SPDX-License-Identifier: MIT */
/* A top-level entry has no Accessed flag, so the walk leaves it unchanged. */
#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

/* The results of the walking load in v->flag and v->value. */
enum {
	LOADED,
};

static pgd_t top_level_entry(struct variant *v)
{
	return entry_read(&v->mm.pgd[v->va >> PGDIR_SHIFT]);
}

/* No CPU has loaded the space yet. entry_a is the entry before the walk, entry_b after it. */
static bool setup(struct variant *v)
{
	v->entry_a = top_level_entry(v);
	return slot_one_frame(v);
}

static void walk(struct variant *v)
{
	v->flag[LOADED] = lab_load_tag(v->va, &v->value[LOADED]);
	v->entry_b = top_level_entry(v);
}

static enum verdict judge(struct variant *v)
{
	unsigned long long before = entry_value(v->entry_a), after = entry_value(v->entry_b);

	if (before != after) {
		lab_saw(v, "a load through it turned the PDPTE in memory from 0x%llx into 0x%llx",
			before, after);
		return VIOLATED;
	}
	lab_counted(v, v->flag[LOADED]);
	lab_evidence(v, "after a load through it the PDPTE in memory is still 0x%llx", after);
	return HELD;
}

SCENARIO(pdpte_reserved) = {
	.name = "hw/pdpte-reserved",
	.rule = "the hardware walker writes nothing into a PDPTE, because a PDPTE has "
		"no Accessed flag",
	.reference = "Intel SDM vol. 3, 4.4.1, table 4-8 (reserved bits), 4.8 (which entries have "
		     "A and D)",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(1, "load through the entry")},
	.finding = "F-001",
	.roles = {{"cpu", walk}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
