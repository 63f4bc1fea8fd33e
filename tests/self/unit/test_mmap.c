/* SPDX-License-Identifier: MIT */
/* mm/space/vma.c, mmap.c, mprotect.c, madvise.c: each result and error. */

/* Linux's numbers. One that differs from ours in kernel/errno.h is refused as defined twice. */
#include <errno.h>

#include "tests/self/unit/maps.h"

static void test_mmap(void)
{
	fresh();
	IS(do_mmap(&mm, 0, 1, RW, ANON), MIN, "a length of 1 is a page, at the lowest address");
	IS(do_mmap(&mm, 0, PAGES(2), RW, ANON), AT(1), "the next one goes on there");
	MAPS("[0 3 rw-]", "and neighbours that are alike are one");
	IS(do_mmap(&mm, AT(5) + 1, PAGES(1), PROT_READ, ANON), AT(5), "a hint is rounded down");
	IS(do_mmap(&mm, AT(5), PAGES(1), PROT_READ, ANON), AT(3), "one that is taken is not used");
	IS(do_mmap(&mm, AT(4), PAGES(2), PROT_READ, ANON), AT(6), "nor one without room");
	IS(do_mmap(&mm, PAGE_SIZE, PAGES(1), RW, ANON), AT(4), "nor one below the least address");
	IS(do_mmap(&mm, space_end, PAGES(1), RW, ANON), AT(8), "nor one beyond user space");
	MAPS("[0 3 rw-] [3 4 r--] [4 5 rw-] [5 8 r--] [8 9 rw-]", "in order");
	IS(map(2, 5, PROT_EXEC), AT(2), "MAP_FIXED takes the place of what is there");
	MAPS("[0 2 rw-] [2 7 --x] [7 8 r--] [8 9 rw-]", "parts of neighbours included");
	IS(do_mmap(&mm, AT(9), PAGES(1), RW, ANON | MAP_FIXED_NOREPLACE), AT(9), "a free range");
	IS(do_mmap(&mm, AT(9), PAGES(1), RW, ANON | MAP_FIXED_NOREPLACE), -EEXIST, "one taken");
	IS(do_mmap(&mm, AT(9), PAGES(2), RW, FIXED | MAP_FIXED_NOREPLACE), -EEXIST, "in part");
	IS(do_mmap(&mm, space_end - PAGE_SIZE, PAGE_SIZE, RW, FIXED), space_end - PAGE_SIZE,
	   "the last page of user space");
}

static void test_mmap_errors(void)
{
	fresh();
	IS(do_mmap(&mm, 0, 0, RW, ANON), -EINVAL, "no length");
	IS(do_mmap(&mm, 0, 1, 8, ANON), -EINVAL, "a right that does not exist");
	IS(do_mmap(&mm, 0, 1, PROT_MAX(8), ANON), -EINVAL, "nor as a bound");
	IS(do_mmap(&mm, 0, 1, RW, ANON | 1), -EINVAL, "an unknown flag");
	IS(do_mmap(&mm, 0, 1, RW, MAP_ANONYMOUS), -EINVAL, "not MAP_PRIVATE");
	IS(do_mmap(&mm, 0, 1, RW, MAP_PRIVATE), -EBADF, "neither a file nor MAP_ANONYMOUS");
	IS(do_mmap(&mm, 0, (size_t)-1, RW, ANON), -ENOMEM, "a length that wraps when rounded");
	IS(do_mmap(&mm, 0, space_end, RW, ANON), -ENOMEM, "more than there is");
	IS(do_mmap(&mm, 0, space_end - MIN, RW, ANON), MIN, "all there is");
	IS(do_mmap(&mm, 0, 1, RW, ANON), -ENOMEM, "and no gap is left");
	fresh();
	IS(do_mmap(&mm, AT(0) + 1, 1, RW, FIXED), -EINVAL, "MAP_FIXED within a page");
	IS(do_mmap(&mm, AT(0) + 1, 1, RW, ANON | MAP_FIXED_NOREPLACE), -EINVAL, "the other one");
	IS(do_mmap(&mm, MIN - PAGE_SIZE, PAGES(1), RW, FIXED), -EPERM, "below the least address");
	IS(do_mmap(&mm, space_end, PAGES(1), RW, FIXED), -ENOMEM, "beyond user space");
	IS(do_mmap(&mm, space_end - PAGE_SIZE, PAGES(2), RW, FIXED), -ENOMEM, "partly beyond");
	IS(do_mmap(&mm, (vaddr_t)-PAGE_SIZE, PAGES(2), RW, FIXED), -ENOMEM, "wrapping");
	IS(do_mmap(&mm, 0, 1, RW | PROT_MAX(PROT_READ), ANON), -EACCES, "beyond its own bound");
	MAPS("", "and none of them did anything");
}

static void test_munmap(void)
{
	fresh();
	map(0, 9, RW);
	IS(do_munmap(&mm, AT(3), PAGES(2) - 1), 0, "from the middle: rounded up");
	MAPS("[0 3 rw-] [5 9 rw-]", "two are left");
	IS(do_munmap(&mm, AT(2), PAGES(4)), 0, "over a hole");
	MAPS("[0 2 rw-] [6 9 rw-]", "a part of each");
	IS(do_munmap(&mm, AT(2), PAGES(4)), 0, "nothing is there: done");
	IS(do_munmap(&mm, AT(1), 0), -EINVAL, "no length");
	IS(do_munmap(&mm, AT(1) + 1, 1), -EINVAL, "within a page");
	IS(do_munmap(&mm, AT(1), (size_t)-1), -EINVAL, "a length that wraps when rounded");
	IS(do_munmap(&mm, AT(1), (size_t)-PAGE_SIZE), -EINVAL, "an end that wraps");
	IS(do_munmap(&mm, space_end, PAGES(1)), -EINVAL, "beyond user space");
	IS(do_munmap(&mm, space_end - PAGE_SIZE, PAGES(2)), -EINVAL, "partly beyond");
	MAPS("[0 2 rw-] [6 9 rw-]", "and those did nothing");
	IS(do_munmap(&mm, 0, space_end), 0, "all of it");
	MAPS("", "is gone");
	CHECK(!mm.vmas && !mm.nr_vmas, "with the array");
}

static void test_mprotect(void)
{
	fresh();
	map(0, 6, RW);
	IS(do_mprotect(&mm, AT(2), PAGES(2) - 1, PROT_READ), 0, "the middle: rounded up");
	MAPS("[0 2 rw-] [2 4 r--] [4 6 rw-]", "is split off");
	IS(do_mprotect(&mm, AT(1), PAGES(2), PROT_NONE), 0, "over a boundary");
	MAPS("[0 1 rw-] [1 3 ---] [3 4 r--] [4 6 rw-]", "both parts");
	IS(do_mprotect(&mm, AT(1), PAGES(3), RW), 0, "back");
	MAPS("[0 6 rw-]", "and merged");
	map(8, 2, RW);
	IS(do_mprotect(&mm, AT(4), PAGES(5), PROT_READ), -ENOMEM, "over a hole");
	MAPS("[0 4 rw-] [4 6 r--] [8 10 rw-]", "what comes before it is done");
	IS(do_mprotect(&mm, AT(6), PAGES(4), PROT_READ), -ENOMEM, "from a hole on");
	IS(do_mprotect(&mm, AT(8), PAGES(3), PROT_READ), -ENOMEM, "to one at the end");
	MAPS("[0 4 rw-] [4 6 r--] [8 10 r--]", "the first did nothing, the second all it could");
	IS(do_mprotect(&mm, AT(0), 0, PROT_READ), 0, "no length");
	IS(do_mprotect(&mm, AT(0) + 1, 0, PROT_READ), -EINVAL, "but an address within a page");
	IS(do_mprotect(&mm, AT(0), 1, 8), -EINVAL, "an unknown right");
	IS(do_mprotect(&mm, AT(0), 1, PROT_MAX(PROT_READ)), -EINVAL, "a bound is mmap's");
	IS(do_mprotect(&mm, AT(0), (size_t)-1, RW), -ENOMEM, "a length that wraps when rounded");
	IS(do_mprotect(&mm, AT(0), (size_t)-PAGE_SIZE, RW), -ENOMEM, "an end that wraps");
	IS(do_mprotect(&mm, space_end, PAGES(1), RW), -ENOMEM, "beyond user space");
	MAPS("[0 4 rw-] [4 6 r--] [8 10 r--]", "and those did nothing");
}

static void test_bounds(void)
{
	fresh();
	map(0, 2, PROT_READ);
	map(2, 2, PROT_READ | PROT_MAX(PROT_READ | PROT_EXEC));
	map(4, 2, PROT_READ);
	MAPS("[0 2 r--] [2 4 r--] [4 6 r--]", "mappings with other bounds stay apart");
	IS(do_mprotect(&mm, AT(2), PAGES(1), PROT_EXEC), 0, "within the bound");
	IS(do_mprotect(&mm, AT(2), PAGES(1), PROT_WRITE), -EACCES, "beyond it");
	IS(do_mprotect(&mm, AT(1), PAGES(4), RW), -EACCES, "after one that allows it");
	MAPS("[0 1 r--] [1 2 rw-] [2 3 --x] [3 4 r--] [4 6 r--]", "which has it");
}

static void test_special(void)
{
	struct vma_change change = {.kind = VMA_MAP,
				    .start = AT(4),
				    .end = AT(5),
				    .flags = VM_SPECIAL | VM_READ | VM_EXEC};

	fresh();
	map(0, 4, RW);
	assert(!vma_prepare(&mm, &change));
	vma_commit(&mm, &change);
	map(5, 2, RW);
	IS(do_munmap(&mm, AT(0), PAGES(9)), -EPERM, "a range with the code page");
	IS(do_munmap(&mm, AT(4), PAGES(1)), -EPERM, "that page alone");
	IS(do_mprotect(&mm, AT(3), PAGES(3), PROT_READ), -EPERM, "other rights");
	IS(do_madvise(&mm, AT(3), PAGES(3), MADV_DONTNEED), -EPERM, "dropping it");
	IS(map(3, 2, RW), -EPERM, "mapping over it");
	IS(do_mmap(&mm, AT(4), PAGES(1), RW, ANON | MAP_FIXED_NOREPLACE), -EEXIST, "or beside");
	MAPS("[0 4 rw-] [4 5 r-x] [5 7 rw-]", "nothing was done");
	IS(do_munmap(&mm, AT(0), PAGES(4)), 0, "up to it");
	IS(do_munmap(&mm, AT(5), PAGES(4)), 0, "and from its end on");
	MAPS("[4 5 r-x]", "it stays");
}

static void test_madvise(void)
{
	struct page *page;

	fresh();
	map(0, 3, RW);
	map(4, 2, RW);
	page = map_frame(&mm, AT(1), ZONE_DIRECT);
	get_page(page);
	map_frame(&mm, AT(0), ZONE_DIRECT);
	map_frame(&mm, AT(4), ZONE_DIRECT);
	map_frame(&mm, AT(5), ZONE_DIRECT);
	IS(do_madvise(&mm, AT(1), PAGES(4) - 1, MADV_DONTNEED), -ENOMEM, "over a hole");
	CHECK(page_count(page) == 1 && entry_none(entry_read(pte_lookup(&mm, AT(4)))),
	      "it goes on behind it");
	CHECK(entry_present(entry_read(pte_lookup(&mm, AT(0)))) &&
		      entry_present(entry_read(pte_lookup(&mm, AT(5)))),
	      "and touches nothing else");
	MAPS("[0 3 rw-] [4 6 rw-]", "the mappings stay");
	IS(do_madvise(&mm, AT(0), PAGES(3), MADV_DONTNEED), 0, "within one mapping");
	IS(do_madvise(&mm, AT(3), PAGES(1), MADV_DONTNEED), -ENOMEM, "a hole alone");
	IS(do_madvise(&mm, AT(0), 0, MADV_DONTNEED), 0, "no length");
	IS(do_madvise(&mm, AT(0) + 1, 0, MADV_DONTNEED), -EINVAL, "but an address within a page");
	IS(do_madvise(&mm, AT(0), 1, 3), -EINVAL, "unknown advice");
	IS(do_madvise(&mm, AT(0), 0, 3), -EINVAL, "also without a length");
	IS(do_madvise(&mm, AT(0), (size_t)-1, MADV_DONTNEED), -EINVAL, "a length that wraps");
	IS(do_madvise(&mm, AT(0), (size_t)-PAGE_SIZE, MADV_DONTNEED), -EINVAL, "an end that does");
	put_page(page);
	mm_destroy(&mm);
}

static void test_room(void)
{
	fresh();
	for (unsigned i = 0; i < VMAS_MAX; i++)
		assert(map(2 * i, 1, RW) == AT(2 * i));
	IS(map(2 * VMAS_MAX, 1, RW), -ENOMEM, "one mapping too many");
	IS(map(2 * VMAS_MAX - 1, 1, RW), AT(2 * VMAS_MAX - 1), "one that goes on is none more");
	IS(do_munmap(&mm, AT(2 * VMAS_MAX - 1), PAGES(1)), 0, "nor is one that ends earlier");
	IS(do_mmap(&mm, 0, PAGES(1), PROT_READ, ANON), -ENOMEM, "wherever it is");
	IS(do_munmap(&mm, AT(0), PAGES(1)), 0, "one less");
	map(2, 3, RW);
	map(0, 1, PROT_READ);
	IS(mm.nr_vmas, VMAS_MAX - 1, "two are one now");
	map(2 * VMAS_MAX, 1, RW);
	IS(do_munmap(&mm, AT(3), PAGES(1)), -ENOMEM, "a split is one too many");
	IS(do_mprotect(&mm, AT(3), PAGES(1), PROT_READ), -ENOMEM, "another one is two");
	IS(mm.nr_vmas, VMAS_MAX, "nothing was done");
}

/* --- out of memory -------------------------------------------------------------------------- */

static long munmap_middle(void)
{
	return do_munmap(&mm, AT(3), PAGES(2));
}

static long mprotect_middle(void)
{
	return do_mprotect(&mm, AT(3), PAGES(2), PROT_READ);
}

static long map_over_middle(void)
{
	return (long)map(3, 2, PROT_READ);
}

/* The call's only allocation fails. */
static void fails_whole(long (*call)(void), const char *name)
{
	struct page *taken[MODEL_FRAMES];
	unsigned n = 0;

	fresh();
	map(0, 9, RW);
	map_frame(&mm, AT(3), ZONE_DIRECT);
	while ((taken[n] = alloc_page(ZONE_DIRECT)))
		n++;
	IS(call(), -ENOMEM, "%s without memory", name);
	MAPS("[0 9 rw-]", "the mappings are as they were");
	CHECK(entry_present(entry_read(pte_lookup(&mm, AT(3)))), "and so are the pages");
	while (n--)
		put_page(taken[n]);
}

int main(void)
{
	test_mmap();
	test_mmap_errors();
	test_munmap();
	test_mprotect();
	test_bounds();
	test_special();
	test_madvise();
	test_room();
	fails_whole(munmap_middle, "munmap()");
	fails_whole(mprotect_middle, "mprotect()");
	fails_whole(map_over_middle, "mmap()");
	return tap_done();
}
