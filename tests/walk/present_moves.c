/* SPDX-License-Identifier: MIT */
/* An upper entry may point elsewhere while a walker is below it, but the old table must not be
 * freed and reused. */
#include "mm/table/clear.h"
#include "mm/table/table.h"
#include "tests/walk/tables.h"

/* The page is mapped through the old table. The new one is empty. */
static bool setup(struct variant *v)
{
	if (!own_table(v))
		return false;
	lab_establish(v, lab_entry(v->a));
	return true;
}

/* present -> none -> present, with another table, and the old one lives on. Then zaps the page
 * behind it and gives it back in the common way. */
static void exchange_table(struct variant *v)
{
	pmd_t *pmdp = pmd_lookup(&v->mm, v->va), old;
	pfn_t other = table_alloc(PTE_NONE);

	assert(other != PFN_NONE);
	tables_lock(&v->mm);
	table_remember(&v->mm, other, PTE_NONE);
	pmd_lock(pmdp);
	old = mm_clear_pmd(&v->mm, v->va, pmdp);
	set_pte(pmdp, mk_pmd(other));
	pmd_unlock(pmdp);
	tables_unlock(&v->mm);
	smp_mb(); /* the store behind "moved" must not be on its way any more */
	race_point(role_middle);
	pmd_lock(pmdp);
	mm_clear_pmd(&v->mm, v->va, pmdp);
	set_pte(pmdp, old);
	pmd_unlock(pmdp);
}

static enum verdict judge(struct variant *v)
{
	unsigned read = lab_when(WALKER, RACE_gup_pmd_read, 1),
		 when = lab_when(WALKER, RACE_gup_pte_table, 1);
	paddr_t table = read ? entry_table_pa(entry_from_value(lab_value_at(read))) : 0;
	unsigned moved = lab_when(WRITER, RACE_role_middle, 1),
		 back = lab_when(WRITER, RACE_clear_done, 2);
	unsigned looked = lab_when(WALKER, RACE_pte_read_done, 1),
		 grabbed = lab_when(WALKER, RACE_gup_grabbed, 1),
		 left = lab_when(WALKER, RACE_walk_end, 1);

	if (when && ALIGN_DOWN(lab_value_at(when), PAGE_SIZE) != table) {
		lab_saw(v, "the walker read an entry that led to table 0x%llx, and went to another",
			(unsigned long long)table);
		return VIOLATED;
	}
	if (!when || !lab_script_complete(v) || !grabbed)
		return NO_EVIDENCE;
	if (v->value[FOUND] && moved && moved < looked && back > left) {
		lab_saw(v, "gup_fast returned a page although the entry above it had changed");
		return VIOLATED;
	}
	lab_evidence(v,
		     "the entry above moved; the walker read the old table 0x%x, and let go of what it found",
		     v->value[TABLE]);
	return HELD;
}

static const struct step move_after_the_read[] = {
	STEP(WALKER, gup_pmd_read, REACHED(WRITER, role_middle)),
	STEP(WRITER, role_start, REACHED(WALKER, gup_pmd_read)),
	STEP(WRITER, role_middle, REACHED(WALKER, role_done)),
};

SCENARIO(present_moves) = {
	.name = "walk/present-moves",
	.rule = "an upper entry may change under a walker, which stays in its table and then notices the change",
	.reference = "Linus Torvalds, linux-mm 2020-09-11: the page tables can get modified under us, but the old pages won't be released and re-used; Linux 70cbc3cc78a9",
	.mode = MODE_CHOREO,
	.filling = FILLING_NEVER, /* because the tables move without a flush */
	.roles = {[WALKER] = {"walker", gup_in_table}, [WRITER] = {"writer", exchange_table}},
	.script = STEPS(move_after_the_read),
	CELLS(HOLDS(), BREAKS(pmd_recheck)),
	.setup = setup,
	.judge = judge,
};
