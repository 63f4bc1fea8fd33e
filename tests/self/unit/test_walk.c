/* SPDX-License-Identifier: MIT */
/* Tests gup_fast, zap and the freeing of tables on whole spaces, and with dynamic folding on spaces
 * of each size. */
#include <asm/irq.h>

#include <limits.h>

#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define AROUND 4u /* pages mapped on each side of a boundary */

static struct mm mm;
static struct page *mapped[1u << 2 * MODEL_LEVELS_MAX]; /* by page of the space, NULL for a hole */
static u32 frames_before;
static unsigned nr_pages; /* of the space's user part, when it was made */

static void new_space(void)
{
	frames_before = zone_free_frames();
	assert(mm_create(&mm));
	mm_switch(&mm);
	nr_pages = (unsigned)(user_end(mm.pgd) >> PAGE_SHIFT);
	for (unsigned i = 0; i < ARRAY_SIZE(mapped); i++)
		mapped[i] = NULL;
}

static void end_space(void)
{
	mm_switch(NULL);
	mm_destroy(&mm);
}

static vaddr_t page_va(unsigned i)
{
	return (vaddr_t)i << PAGE_SHIFT;
}

static void map_pages(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to && i < nr_pages; i++)
		if (!mapped[i])
			mapped[i] = map_frame(&mm, page_va(i), i & 1 ? ZONE_HIGH : ZONE_DIRECT);
}

/* Maps pages around each boundary of each level, and pages that a walk missing the boundary would
 * find. */
static void map_boundaries(void)
{
	map_pages(0, AROUND);
	for (unsigned b = PTRS_PER_PTE; b < nr_pages; b *= 4)
		for (unsigned i = b; i <= 3 * b; i += b)
			map_pages(i - AROUND, i + AROUND);
	map_pages(nr_pages - AROUND, nr_pages);
}

/* Returns how many pages from `start` on a walk of nr must find. */
static unsigned expected_found(unsigned start, unsigned nr)
{
	unsigned n = 0;

	while (n < nr && start + n < nr_pages && mapped[start + n])
		n++;
	return n;
}

static bool hardware_agrees(unsigned page)
{
	pte_t pte;
	bool there = model_load(page_va(page), &pte);

	return mapped[page] ? there && pfn_to_page(entry_pfn(pte)) == mapped[page] : !there;
}

/* Checks pages, counts while held, and counts afterwards. */
static bool walk_is_right(unsigned start, unsigned nr)
{
	struct page *pages[4 * AROUND];
	unsigned found = gup_fast(page_va(start), nr, FOLL_WRITE, pages);
	bool good = found == expected_found(start, nr);

	for (unsigned i = 0; i < found; i++) {
		good = good && pages[i] == mapped[start + i] && page_count(pages[i]) == 2;
		put_page(pages[i]);
	}
	for (unsigned i = 0; good && i < found; i++)
		good = page_count(mapped[start + i]) == 1;
	return good;
}

static void test_boundaries(unsigned levels)
{
	bool walks = true, hardware = true;
	unsigned n = 0;

	new_space();
	map_boundaries();
	for (unsigned start = 0; start < nr_pages; start++) {
		if (start && !mapped[start] && !mapped[start - 1])
			continue;
		hardware = hardware && hardware_agrees(start);
		for (unsigned nr = 1; nr <= 2 * AROUND && start + nr <= nr_pages; nr++, n++)
			walks = walks && walk_is_right(start, nr);
	}
	CHECK(walks, "%u levels: %u walks across boundaries find the right pages", levels, n);
	CHECK(hardware, "%u levels: the hardware's own walk agrees", levels);
	end_space();
	CHECK(zone_free_frames() == frames_before, "%u levels: mm_destroy gives every frame back",
	      levels);
}

/*
 * d3f7b1bb2040, with [last page below the boundary of a top-level entry, first page above it]. A
 * walk stepping a copy of the entry found, for the second, the page one such entry below, so that
 * page is mapped here too.
 */
static void test_linux_boundary(unsigned levels)
{
	struct page *pages[2] = {NULL, NULL};
	unsigned b;

	new_space();
	b = nr_pages / 4;
	map_pages(0, 1);
	map_pages(b - 1, b + 1);
	CHECK(gup_fast(page_va(b - 1), 2, 0, pages) == 2 && pages[0] == mapped[b - 1] &&
		      pages[1] == mapped[b],
	      "%u levels: the page behind a top-level boundary is its own, not the one an entry below",
	      levels);
	CHECK(page_count(mapped[0]) == 1, "%u levels: that one has no reference", levels);
	put_page(pages[0]);
	put_page(pages[1]);
	end_space();
}

/* A hole in the last page below a boundary. Each level must tell the one above to stop. */
static void test_hole_before_boundary(unsigned levels)
{
	bool stops = true;
	unsigned n = 0;

	new_space();
	map_boundaries();
	for (unsigned b = PTRS_PER_PTE; b < nr_pages; b *= 4, n++) {
		zap_page_range(&mm, page_va(b - 1), page_va(b));
		mapped[b - 1] = NULL;
		stops = stops && mapped[b] && walk_is_right(b - 2, 4);
	}
	CHECK(stops && n + 1 >= levels, "%u levels: a hole before a boundary ends a walk, %u times",
	      levels, n);
	end_space();
}

static void test_holes(unsigned levels)
{
	struct page *pages[8];
	unsigned b, found;

	new_space();
	b = nr_pages / 4;
	map_pages(b - 4, b + 4);
	CHECK(!gup_fast(page_va(b - 5), 1, 0, pages), "%u levels: no table: nothing", levels);
	zap_page_range(&mm, page_va(b + 1), page_va(b + 2));
	mapped[b + 1] = NULL;
	CHECK(walk_is_right(b - 4, 8), "%u levels: stops at a hole, behind a boundary", levels);
	zap_page_range(&mm, page_va(b - 4), page_va(b + 4));
	found = gup_fast(page_va(b - 4), 8, 0, pages);
	CHECK(!found, "%u levels: an empty range: nothing", levels);
	free_pgtables(&mm, 0, user_end(mm.pgd));
	CHECK(user_end(mm.pgd) == page_va(nr_pages),
	      "%u levels: a space without tables keeps its size", levels);
	CHECK(!gup_fast(page_va(b - 4), 8, 0, pages), "%u levels: tables freed: nothing", levels);
	for (unsigned i = 0; i < ARRAY_SIZE(mapped); i++)
		mapped[i] = NULL;
	map_pages(b - 4, b + 4);
	CHECK(walk_is_right(b - 4, 8), "%u levels: mapped again, in new tables", levels);
	end_space();
	CHECK(zone_free_frames() == frames_before, "%u levels: nothing leaked", levels);
}

/* These leaves must stop the walk. */
static void test_permissions(void)
{
	struct page *page, *found[1];
	pfn_t pfn;

	new_space();
	page = new_frame(ZONE_HIGH);
	pfn = page_to_pfn(page);
	assert(mm_establish(&mm, page_va(0), mk_pte(pfn, PTE_USER)));
	get_page(page);
	assert(mm_establish(&mm, page_va(1), mk_pte(pfn, PTE_WRITE)));
	assert(mm_establish(&mm, page_va(2),
			    mk_pte(MODEL_HIGH_PFN + MODEL_FRAMES, PTE_USER | PTE_WRITE)));
	assert(mm_establish(&mm, page_va(3),
			    entry_from_value(entry_value(user_pte(page)) & ~(u64)MODEL_PRESENT)));
	CHECK(!gup_fast(page_va(0), 1, FOLL_WRITE, found), "read-only: no page to write");
	CHECK(gup_fast(page_va(0), 1, 0, found) == 1 && found[0] == page,
	      "read-only: a page to read");
	put_page(page);
	CHECK(!gup_fast(page_va(1), 1, 0, found), "not the user's: nothing");
	CHECK(!gup_fast(page_va(2), 1, FOLL_WRITE, found), "a frame without struct page: nothing");
	CHECK(!gup_fast(page_va(3), 1, 0, found), "all bits but present: nothing");
	CHECK(page_count(page) == 2, "refused walks keep no reference");
	set_pte(pte_lookup(&mm, page_va(3)), PTE_NONE);
	end_space();
	CHECK(zone_free_frames() == frames_before,
	      "zap takes each mapping's reference, of frames that have one");
}

static void test_leaf(void)
{
	struct page *found[1];
	pmd_t *pmdp;
	pmd_t pmd;

	new_space();
	map_pages(0, 1);
	pmdp = mm.pgd;
	for (unsigned shift = pgd_shift(mm.pgd); shift > PMD_SHIFT; shift -= 2)
		pmdp = phys_to_virt(entry_table_pa(*pmdp));
	pmd = *pmdp;
	*pmdp = entry_from_value(entry_value(pmd) | MODEL_LEAF | MODEL_U | MODEL_W);
	CHECK(!gup_fast(0, 1, 0, found), "a large page: nothing");
	*pmdp = pmd;
	end_space();
}

static pmd_t *vanishing, vanished;

/* The table goes away when the walk has its first page from it. */
static void vanish_hook(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != RACE_gup_grabbed || entry_none(*vanishing))
		return;
	vanished = *vanishing;
	*vanishing = PMD_NONE;
}

/* The pages behind such a table may be mapped too, but the caller's next slot is not for them. */
static void test_vanished_table(unsigned levels)
{
	unsigned b = PTRS_PER_PTE;
	struct page *pages[4];
	unsigned found;

	new_space();
	map_pages(b - 2, b + 2);
	vanishing = pmd_lookup(&mm, page_va(b - 1));
	race_hook = vanish_hook;
	found = gup_fast(page_va(b - 2), 4, 0, pages);
	race_hook = NULL;
	CHECK(!found, "%u levels: a walk ends at a table that went away, and does not go on behind",
	      levels);
	for (unsigned i = b - 2; i < b + 2; i++)
		CHECK(page_count(mapped[i]) == 1, "%u levels: page %u has no reference left",
		      levels, i);
	*vanishing = vanished;
	CHECK(walk_is_right(b - 2, 4), "%u levels: with the table in its place it finds all four",
	      levels);
	end_space();
}

/* A page found in it is not returned either, if the walk ended before the table did. */
static void test_vanished_early(unsigned levels)
{
	unsigned b = PTRS_PER_PTE;
	struct page *pages[2];
	unsigned found;

	new_space();
	map_pages(b - 2, b - 1);
	vanishing = pmd_lookup(&mm, page_va(b - 2));
	race_hook = vanish_hook;
	found = gup_fast(page_va(b - 2), 2, 0, pages);
	race_hook = NULL;
	*vanishing = vanished;
	CHECK(!found && page_count(mapped[b - 2]) == 1,
	      "%u levels: a page is given back though the next is not there, as the table went away",
	      levels);
	end_space();
}

static void test_ranges(unsigned levels)
{
	struct page *pages[8];
	vaddr_t end;

	new_space();
	end = user_end(mm.pgd);
	map_boundaries();
	CHECK(!gup_fast(0, 0, 0, pages), "%u levels: no pages asked: none", levels);
	CHECK(gup_fast(end - PAGE_SIZE, 1, 0, pages) == 1, "%u levels: the last page of user space",
	      levels);
	put_page(pages[0]);
	CHECK(!gup_fast(end - PAGE_SIZE, 2, 0, pages), "%u levels: one page past its end: none",
	      levels);
	CHECK(!gup_fast(end, 1, 0, pages), "%u levels: from its end on: none", levels);
	CHECK(!gup_fast(~0ul - PAGE_SIZE + 1, 2, 0, pages),
	      "%u levels: a range that wraps around: none", levels);
	CHECK(!gup_fast(PAGE_SIZE, UINT_MAX, 0, pages), "%u levels: the largest count: none",
	      levels);
	end_space();
}

static void test_walk_state(void)
{
	struct page *pages[2];

	new_space();
	map_pages(0, 2);
	CHECK(gup_fast(0, 2, 0, pages) == 2 && irqs_enabled(), "interrupts on: on again");
	irq_disable();
	CHECK(gup_fast(0, 2, 0, pages) == 2 && !irqs_enabled(), "interrupts off: still off");
	irq_enable();
	mm.cpumask = 0;
	CHECK(PANICS(gup_fast(0, 1, 0, pages)) && panic_says("cpumask"),
	      "a CPU outside the mask may not walk");
	machine_reset();
}

static struct mm *oom_mm;

/* Calls mm_create() and mm_establish() with every number of free frames below the necessary one. */
static void test_out_of_memory(void)
{
	u32 left = 0, frames;
	struct page *page = new_frame(ZONE_HIGH);
	bool clean = true;

	while (alloc_page(ZONE_DIRECT))
		;
	frames = zone_free_frames();
	for (oom_mm = &mm; !mm_create(oom_mm); left++) {
		clean = clean && zone_free_frames() == frames;
		put_page(&zones[ZONE_DIRECT].pages[left + 1]);
		frames = zone_free_frames();
	}
	CHECK(left == 1 + PREALLOCATED_PMDS, "mm_create needs %u frames", left);
	CHECK(clean, "mm_create that failed left nothing allocated");
	CHECK(!mm_establish(&mm, 0, user_pte(page)) && page_count(page) == 1,
	      "no frame for a table: mm_establish fails, the reference stays");
	mm_destroy(&mm);
	CHECK(zone_free_frames() == frames, "and nothing leaked");
	machine_reset();
}

int main(void)
{
	unsigned levels = CAP_DYNAMIC_FOLDING ? 2 : (PGDIR_SHIFT - PAGE_SHIFT) / 2 + 1;
	unsigned last = CAP_DYNAMIC_FOLDING ? MODEL_LEVELS_MAX : levels;

	for (; levels <= last; levels++) {
		machine_reset();
		choice_value[CHOICE_levels] = (u8)(VALUE_levels_two + levels - 2);
		test_boundaries(levels);
		test_linux_boundary(levels);
		test_hole_before_boundary(levels);
		test_holes(levels);
		test_ranges(levels);
		test_permissions();
		test_leaf();
		test_vanished_table(levels);
		test_vanished_early(levels);
	}
	test_walk_state();
	test_out_of_memory();
	return tap_done();
}
