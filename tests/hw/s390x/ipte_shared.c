/* SPDX-License-Identifier: MIT */
/* One page table in two segments, where IPTE of the entry must work for both addresses. */
#include "mm/table/pgtable.h"
#include "tests/hw/slot.h"

static struct {
	u32 warm;	  /* addresses leading to the page before */
	bool here, there; /* loads without a fault */
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.warm = 0};
	return slot_one_frame(v);
}

static void look(struct variant *v)
{
	vaddr_t other = v->va + ((vaddr_t)8 << PMD_SHIFT);
	pmd_t *pmdp = pmd_lookup(&v->mm, v->va);

	set_pte(pmdp + 8, entry_read(pmdp));
	found.warm = slot_reaches(v->va, v->a) + slot_reaches(other, v->a);
	ptep_invalidate(v->ptep, v->va);
	found.here = slot_reaches(v->va, v->a);
	found.there = slot_reaches(other, v->a);
	entry_write_word(pmdp + 8, PRESENT_WORD, PMD_NONE.word[PRESENT_WORD]);
	slot_write(v->ptep, lab_entry(v->a)); /* it has a reference of its own */
	tlb_flush_all();
}

static enum verdict judge(struct variant *v)
{
	if (found.here || found.there) {
		lab_saw(v, "after IPTE of an entry the page came through at %s address",
			found.here ? "the given" : "the other");
		return VIOLATED;
	}
	lab_counted(v, found.warm);
	lab_evidence(v, "IPTE of an entry ended its use at both addresses that it translates");
	return HELD;
}

SCENARIO(ipte_shared) = {
	.name = "hw/ipte-shared",
	.rule = "IPTE clears every translation formed from an entry, at every address "
		"that the entry translates",
	.reference =
		"Principles of Operation, chapter 10, IPTE: the page-table origin and the page "
		"index",
	.mode = MODE_PROBE,
	.least = {AT_LEAST(2, "addresses that led to the page before")},
	.finding = "F-033",
	.roles = {{"cpu", look}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
