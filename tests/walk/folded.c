/* SPDX-License-Identifier: MIT */
/*
 * A range crosses the boundary of a top-level entry. If levels are folded at run time, the loops
 * over the folded levels must not go on to a second iteration, or must do so in the real table. A
 * pointer to a copy of the entry leads to its neighbour on the stack. Here this is the same entry
 * again, and through it the walk reaches the pages one top-level entry below. Ports that always
 * fold are controls, because their folded levels have no loop.
 */
#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

/* Returns the first address behind v->va at another entry of that level. */
static vaddr_t boundary(const struct variant *v, unsigned shift)
{
	return ((v->va >> shift) + 1) << shift;
}

static struct page *map_at(struct variant *v, vaddr_t va)
{
	struct page *page = lab_frame(v, ZONE_DIRECT);

	if (!page)
		return NULL;
	get_page(page);
	return mm_establish(&v->mm, va, lab_entry(page)) ? page : NULL;
}

/* Maps pages around the boundary of the tested address's table, and of its top-level entry. v->b is
 * mapped at the second boundary, and v->decoy one top-level entry below it. */
static bool setup(struct variant *v)
{
	unsigned shift = pgd_shift(v->mm.pgd);
	vaddr_t table = boundary(v, PMD_SHIFT), top = boundary(v, shift);

	if (top != table && (!map_at(v, table - PAGE_SIZE) || !map_at(v, table)))
		return false;
	v->a = map_at(v, top - PAGE_SIZE);
	v->b = map_at(v, top);
	v->decoy = map_at(v, top - ((vaddr_t)1 << shift));
	return v->a && v->b && v->decoy;
}

/* The numbers of v->value. */
enum {
	RIGHT_AT_TABLE, /* pages returned correctly across a table's boundary */
	RIGHT_AT_TOP,	/* pages returned correctly across a top-level entry's */
	BEHIND_TOP,	/* the frame returned behind it, or 0 if there was none */
};

/* Counts in v->value[right] the pages returned correctly, checked by the hardware's reads at their
 * addresses. Returns the second page's frame, or 0 if there is none. */
static pfn_t walk_across(struct variant *v, unsigned right, vaddr_t at)
{
	struct page *pages[2];
	unsigned found = gup_fast(at - PAGE_SIZE, 2, FOLL_WRITE, pages);

	for (unsigned i = 0; i < found; i++) {
		u32 tag;

		v->value[right] += lab_load_tag(at - PAGE_SIZE + i * PAGE_SIZE, &tag) &&
				   tag == lab_tag(page_to_pfn(pages[i]));
		put_page(pages[i]);
	}
	return found == 2 ? page_to_pfn(pages[1]) : 0;
}

static void walk(struct variant *v)
{
	walk_across(v, RIGHT_AT_TABLE, boundary(v, PMD_SHIFT));
	v->value[BEHIND_TOP] = walk_across(v, RIGHT_AT_TOP, boundary(v, pgd_shift(v->mm.pgd)));
}

static enum verdict judge(struct variant *v)
{
	unsigned shift = pgd_shift(v->mm.pgd), off = lab_when(0, RACE_gup_off_table, 1);
	vaddr_t top = boundary(v, shift);

	if (off && v->value[BEHIND_TOP] == page_to_pfn(v->decoy)) {
		lab_saw(v,
			"at 0x%lx the walk read an entry at 0x%llx, on the stack, and returned "
			"frame "
			"0x%x, "
			"mapped 0x%lx below, instead of 0x%x",
			top, (unsigned long long)lab_value_at(off), v->value[BEHIND_TOP],
			1ul << shift, page_to_pfn(v->b));
		return VIOLATED;
	}
	if (v->value[RIGHT_AT_TABLE] != 2 || v->value[RIGHT_AT_TOP] != 2) {
		lab_saw(v,
			"across a table's boundary %u of 2 pages were right, across the one at "
			"0x%lx "
			"%u",
			v->value[RIGHT_AT_TABLE], top, v->value[RIGHT_AT_TOP]);
		return VIOLATED;
	}
	lab_evidence(v, "the pages around 0x%lx came back right; 0x%lx below there are others", top,
		     1ul << shift);
	return HELD;
}

#define LEVELS(n) WITH(levels, n)
#define ADDR_END  WITH(folded_walk, addr_end)

SCENARIO(folded) = {
	.name = "walk/folded",
	.rule = "a walk across the boundary of any level, folded or not, takes the "
		"pages mapped there",
	.reference = "Linux d3f7b1bb2040 mm/gup: fix gup_fast with dynamic page table folding",
	.mode = MODE_PROBE,
	.roles = {{"walker", walk}},
	CELLS(HOLDS(), BREAKS(offset_lockless, IF(NEED_FOLDING)),
	      MASKED(offset_lockless, "folding for good", IF(NEED_STATIC)),
	      HOLDS(IF(NEED_FOLDING), LEVELS(two)),
	      BREAKS(offset_lockless, IF(NEED_FOLDING), LEVELS(two)),
	      HOLDS(IF(NEED_FOLDING), LEVELS(four)),
	      BREAKS(offset_lockless, IF(NEED_FOLDING), LEVELS(four)),
	      HOLDS(IF(NEED_FOLDING), LEVELS(five)),
	      MASKED(offset_lockless, "no level is folded", IF(NEED_FOLDING), LEVELS(five)),
	      HOLDS(IF(NEED_FOLDING), ADDR_END), HOLDS(IF(NEED_FOLDING), ADDR_END, LEVELS(two))),
	.setup = setup,
	.judge = judge,
};
