/* SPDX-License-Identifier: MIT */
/* Tests the copy of a space in mm/space/fork.c, and each call of a space with too little memory. */
#include "mm/space/fork.h"

#include <stdio.h>
#include <string.h>

#include "kernel/hooks/upcalls.h"
#include "mm/fault/vm_fault.h"
#include "mm/table/rights.h"
#include "tests/self/unit/mappings.h"

static struct mm child;
static struct page *page;

/* Two mappings, with one page in the first, made by a store. The space is loaded here
 * and on CPU 1. */
static void parent(void)
{
	fresh();
	map(0, 4, RW);
	map(6, 1, PROT_READ);
	page = map_frame(&mm, AT(1), ZONE_HIGH);
	mm_switch(&mm);
	load_on(1, &mm);
}

static bool permits(struct mm *of, unsigned at, bool write)
{
	pte_t *ptep = pte_lookup(of, AT(at));

	return ptep && pte_access_permitted(entry_read(ptep), write);
}

static enum vm_fault_result touch(struct mm *of, unsigned at, u32 cause)
{
	struct fault fault = {.address = AT(at), .cause = FAULT_USER | cause};

	return handle_mm_fault(of, &fault);
}

static void test_copy(void)
{
	unsigned flushes;

	parent();
	flushes = model_flushes[1].count;
	CHECK(!dup_mm(&child, &mm), "a space is copied");
	CHECK(child.nr_vmas == mm.nr_vmas && child.vmas != mm.vmas &&
		      !memcmp(child.vmas, mm.vmas, mm.nr_vmas * sizeof(*mm.vmas)),
	      "with all its mappings");
	CHECK(page_count(page) == 2 && entry_pfn(*pte_lookup(&child, AT(1))) == page_to_pfn(page),
	      "and its pages, each with a reference of its own");
	CHECK(permits(&mm, 1, false) && permits(&child, 1, false) && !permits(&mm, 1, true) &&
		      !permits(&child, 1, true),
	      "which neither may store to");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes + 1,
	      "and every CPU has flushed the right away");
	CHECK(!mm.mmap_lock.writer && !mm.mmap_lock.readers && !mm.page_table_lock.owner &&
		      !child.page_table_lock.owner,
	      "no lock is left");
	CHECK(!child.cpumask && !child.cpu_attach_mask, "nobody has the copy loaded");
	mm_destroy(&child);
	CHECK(page_count(page) == 1, "its end gives the reference back");
}

static void test_stores(void)
{
	struct page *copied;

	parent();
	assert(!dup_mm(&child, &mm));
	CHECK(touch(&child, 1, FAULT_WRITE) == VM_FAULT_DONE && permits(&child, 1, true),
	      "a store in the copy");
	copied = pfn_to_page(entry_pfn(*pte_lookup(&child, AT(1))));
	CHECK(copied != page && page_count(copied) == 1 && page_count(page) == 1,
	      "gets a page of its own");
	CHECK(touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && permits(&mm, 1, true) &&
		      entry_pfn(*pte_lookup(&mm, AT(1))) == page_to_pfn(page),
	      "and the parent's next store finds that it has the old page alone");
	mm_destroy(&child);
}

/* A page that was read-only already needs no flush, and an empty slot is not copied. */
static void test_nothing_taken(void)
{
	unsigned flushes;

	parent();
	assert(mm_establish(&mm, AT(2), mk_swap(1, 2)));
	zap_page_range(&mm, AT(1), AT(2));
	map_frame(&mm, AT(6), ZONE_DIRECT);
	protect_page_range(&mm, AT(6), AT(7), PTE_USER);
	flushes = model_flushes[1].count;
	assert(!dup_mm(&child, &mm));
	CHECK(model_flushes[1].count == flushes, "nothing that permits a store: no flush");
	CHECK(permits(&child, 6, false) && entry_none(*pte_lookup(&child, AT(2))),
	      "the page is there, and the swap entry is not");
	mm_destroy(&child);
	GUARD_OFF(fork_flush);
	map_frame(&mm, AT(1), ZONE_DIRECT);
	flushes = model_flushes[1].count;
	assert(!dup_mm(&child, &mm));
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes,
	      "fork_flush off: none either");
	mm_destroy(&child);
}

/* --- too little memory ---------------------------------------------------------------------- */

static struct page *taken[2 * MODEL_FRAMES];

static unsigned take_all_but(unsigned free)
{
	unsigned n = 0;

	while ((taken[n] = alloc_page(ZONE_DIRECT)))
		n++;
	for (; free && n; free--)
		put_page(taken[--n]);
	return n;
}

static long fork_it(void)
{
	return dup_mm(&child, &mm);
}

static long munmap_middle(void)
{
	return do_munmap(&mm, AT(1), PAGES(2));
}

static long mprotect_middle(void)
{
	return do_mprotect(&mm, AT(1), PAGES(2), PROT_READ);
}

static long checked(vaddr_t va)
{
	return is_error(va) ? (long)va : 0;
}

static long map_one(void)
{
	return checked(do_mmap(&mm, AT(9), PAGES(1), PROT_READ, FIXED));
}

/* To two missing tables, and out of the middle of a mapping. */
static long move_away(void)
{
	return checked(
		do_mremap(&mm, AT(1), PAGES(2), PAGES(2), MREMAP_MAYMOVE | MREMAP_FIXED, AT(11)));
}

/* To a missing table and to one of a mapping to be replaced. */
static long move_over(void)
{
	return checked(
		do_mremap(&mm, AT(0), PAGES(4), PAGES(4), MREMAP_MAYMOVE | MREMAP_FIXED, AT(5)));
}

static long move_to_gap(void)
{
	return checked(do_mremap(&mm, AT(0), PAGES(4), PAGES(9), MREMAP_MAYMOVE, 0));
}

static long shrink(void)
{
	return checked(do_mremap(&mm, AT(1), PAGES(2), PAGES(1), 0, 0));
}

static long grow(void)
{
	return checked(do_mremap(&mm, AT(0), PAGES(4), PAGES(5), 0, 0));
}

static long store_to_copy(void)
{
	get_page(page);
	if (touch(&mm, 1, 0) != VM_FAULT_DONE)
		return 1;
	protect_page_range(&mm, AT(1), AT(2), PTE_USER);
	switch (touch(&mm, 1, FAULT_WRITE)) {
	case VM_FAULT_DONE:
		put_page(page);
		return 0;
	case VM_FAULT_OOM:
		put_page(page);
		return -ENOMEM;
	default:
		return 1;
	}
}

/* The call with 0, 1, 2, ... free frames until it is successful. Until then it changes no mapping
 * and keeps no frame. The second mapping's table is there before. */
static void sweep(long (*call)(void), const char *name)
{
	long result = -ENOMEM;
	unsigned free;

	for (free = 0; result && free < 40; free++) {
		struct vma before[VMAS_MAX];
		unsigned n;
		u32 nr, left;

		parent();
		assert(pte_alloc(&mm, AT(6)));
		nr = mm.nr_vmas;
		memcpy(before, mm.vmas, nr * sizeof(*before));
		n = take_all_but(free);
		left = frames_without_list();
		result = call();
		if (!result)
			break;
		CHECK(result == -ENOMEM && mm.nr_vmas == nr &&
			      !memcmp(before, mm.vmas, nr * sizeof(*before)) &&
			      permits(&mm, 1, false) && page_count(page) == 1 &&
			      frames_without_list() == left,
		      "%s with %u frames: -ENOMEM, and all is as before", name, free);
		while (n--)
			put_page(taken[n]);
	}
	CHECK(!result && free, "%s needs %u", name, free);
}

int main(void)
{
	test_copy();
	test_stores();
	test_nothing_taken();
	sweep(fork_it, "fork");
	sweep(munmap_middle, "munmap");
	sweep(mprotect_middle, "mprotect");
	sweep(map_one, "mmap");
	sweep(move_away, "mremap() to new tables");
	sweep(move_over, "mremap() over a mapping");
	sweep(move_to_gap, "mremap() to a gap");
	sweep(shrink, "mremap() of a range that becomes shorter");
	sweep(grow, "mremap() of one that grows");
	sweep(store_to_copy, "a copy on write");
	return tap_done();
}
