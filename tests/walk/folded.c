/* SPDX-License-Identifier: MIT */
/*
 * Control: this port folds levels at compile time, so a folded level has one iteration by
 * construction (level_end() gives the whole range) and no level is walked past its one entry. What
 * broke where folding is decided at run time, a range across a boundary of the level below the
 * folded ones, must give the right pages here, at the boundary of every level.
 */
#include "mm/gup.h"
#include "mm/pgtable.h"
#include "tests/lab/lab.h"

/* The last page below and the first page at the boundary after v->va. */
static vaddr_t boundary(struct variant *v, unsigned shift)
{
	return ((v->va >> shift) + 1) << shift;
}

static bool map_at(struct variant *v, vaddr_t va)
{
	struct page *page = lab_frame(v, ZONE_DIRECT);

	if (!page)
		return false;
	get_page(page);
	return mm_establish(&v->mm, va, lab_entry(page));
}

static bool setup(struct variant *v)
{
	vaddr_t table = boundary(v, PMD_SHIFT), top = boundary(v, pgd_shift(v->mm.pgd));

	return map_at(v, table - PAGE_SIZE) && map_at(v, table) && map_at(v, top - PAGE_SIZE) &&
	       map_at(v, top);
}

/* v->value[n]: pages that came back right, across boundary n */
static void walk_across(struct variant *v, unsigned n, vaddr_t at)
{
	struct page *pages[2];
	unsigned found = gup_fast(at - PAGE_SIZE, 2, FOLL_WRITE, pages);

	for (unsigned i = 0; i < found; i++) {
		u32 tag;

		v->value[n] += lab_load_tag(at - PAGE_SIZE + i * PAGE_SIZE, &tag) &&
			       tag == lab_tag(page_to_pfn(pages[i]));
		put_page(pages[i]);
	}
}

static void walk(struct variant *v)
{
	walk_across(v, 0, boundary(v, PMD_SHIFT));
	walk_across(v, 1, boundary(v, pgd_shift(v->mm.pgd)));
}

static enum verdict judge(struct variant *v)
{
	if (v->value[0] != 2 || v->value[1] != 2) {
		lab_saw(v,
			"across a table's boundary %u of 2 pages were right, across a top-level "
			"entry's %u",
			v->value[0], v->value[1]);
		return VIOLATED;
	}
	lab_evidence(v, "control: ranges across a table's and a top-level entry's boundary gave "
			"the right pages");
	return HELD;
}

SCENARIO(folded) = {
	.name = "walk/folded",
	.rule = "a walk across the boundary of any level, folded or not, takes the pages that are "
		"mapped there",
	.reference = "Linux d3f7b1bb2040 mm/gup: fix gup_fast with dynamic page table folding",
	.mode = "probe",
	.roles = {{"walker", walk}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
