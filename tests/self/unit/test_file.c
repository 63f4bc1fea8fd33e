/* SPDX-License-Identifier: MIT */
/* Tests files: mappings of them in mm/space, their list in mm/object, and their faults. Each call
 * is also made with too little memory. */
#include "mm/page/exact.h"
#include "tests/self/unit/files.h"

static struct mm child;

/* --- mappings ------------------------------------------------------------------------------- */

static void test_places(void)
{
	with_file(8);
	map_file(0, 6, RW, SHARED, 1);
	ARE("0-6@1", "m0-6@1", "a mapping");
	do_mprotect(&mm, AT(2), PAGES(2), PROT_READ);
	ARE("0-2@1 2-4@3 4-6@5", "m0-6@1", "rights split it, and its record stands");
	do_mprotect(&mm, AT(2), PAGES(2), RW);
	ARE("0-6@1", "m0-6@1", "and it is one again");
	do_munmap(&mm, AT(2), PAGES(2));
	ARE("0-2@1 4-6@5", "m0-2@1 m4-6@5", "a hole splits both");
	map_file(2, 2, RW, SHARED, 3);
	ARE("0-6@1", "m0-2@1 m4-6@5 m2-4@3", "which the right pages fill");
	map_file(2, 2, RW, SHARED, 4);
	ARE("0-2@1 2-4@4 4-6@5", "m0-2@1 m4-6@5 m2-4@4", "and others do not");
	map(1, 4, RW);
	ARE("0-1@1 1-5@1- 5-6@6", "m0-1@1 m5-6@6",
	    "memory without a file takes the place of parts");
	map_file(1, 4, RW, PRIVATE, 2);
	ARE("0-1@1 1-5@2 5-6@6", "m0-1@1 m5-6@6 m1-5@2", "a private mapping is another one");
	map_file(8, 1, RW, SHARED, 0);
	do_munmap(&mm, MIN, PAGES(1));
	ARE("1-5@2 5-6@6 8-9@0", "m5-6@6 m1-5@2 m8-9@0", "the list keeps its order");
	do_munmap(&mm, MIN, PAGES(9));
	ARE("", "", "all is gone");
	CHECK(file->object.references == 1 && !file->object.nr_promised, "with its references");
}

/* One call takes parts of several VMAs with one record. */
static void test_cut_over_rights(void)
{
	with_file(8);
	map_file(0, 6, RW, SHARED, 0);
	do_mprotect(&mm, AT(2), PAGES(1), PROT_READ);
	do_munmap(&mm, AT(1), PAGES(3));
	ARE("0-1@0 4-6@4", "m0-1@0 m4-6@4", "a cut over three VMAs leaves two parts");
	CHECK(file->object.references == 3 && !file->object.nr_promised, "each with a reference");
	put_file(file);
	do_munmap(&mm, AT(0), PAGES(1));
	CHECK(file->object.references == 1, "the mappings keep the file");
}

static void test_end_of_file(void)
{
	u32 frames, all;

	machine_reset();
	all = zone_free_frames();
	assert(mm_create(&mm));
	mm_switch(&mm);
	pte_alloc(&mm, MIN);
	frames = zone_free_frames();
	file = file_create(PAGES(4), 0);
	map_file(0, 2, RW, SHARED, 0);
	map_file(2, 2, RW, SHARED, 0);
	touch(&mm, 0, FAULT_WRITE);
	put_file(file);
	do_munmap(&mm, AT(0), PAGES(2));
	CHECK(touch(&mm, 2, 0) == VM_FAULT_DONE && page_count(page_at(&mm, 2)) == 2,
	      "the last mapping has the file and its page");
	map(2, 2, RW);
	do_munmap(&mm, AT(3), PAGES(1));
	CHECK(zone_free_frames() == frames - 3,
	      "and at its end only the array of mappings and a family with its list are left");
	do_mmap(&mm, MIN, PAGES(3), RW, MAP_SHARED | MAP_ANONYMOUS);
	touch(&mm, 1, FAULT_WRITE);
	mm_switch(NULL);
	mm_destroy(&mm);
	CHECK(zone_free_frames() == all, "nor of shared anonymous memory after its space");
	CHECK(!file_create(FILE_SIZE_MAX + 1, 0), "there is no file of more than 1 MiB");
}

static void test_errors(void)
{
	with_file(2);
	CHECK(map_file(0, 1, RW, MAP_FIXED, 0) == (vaddr_t)-EINVAL &&
		      map_file(0, 1, RW, SHARED | MAP_PRIVATE, 0) == (vaddr_t)-EINVAL &&
		      map_file(0, 1, RW, SHARED | MAP_ANONYMOUS, 0) == (vaddr_t)-EINVAL,
	      "neither private nor shared, both, and a file that is anonymous");
	CHECK(do_mmap(&mm, MIN, 1, RW, SHARED) == (vaddr_t)-EBADF, "no file");
	CHECK(map_file(0, 1, RW, SHARED, (u32)-1) == (vaddr_t)-EOVERFLOW &&
		      map_file(0, 1, RW, SHARED, (u32)-2) == MIN,
	      "a page without a number, and the last one with one");
	CHECK(do_mmap(&mm, 0, FILE_SIZE_MAX + 1, RW, MAP_SHARED | MAP_ANONYMOUS) ==
		      (vaddr_t)-ENOMEM,
	      "more shared memory than a file can have");
	put_file(file);
	file = file_create(PAGES(2), FILE_READ_ONLY);
	CHECK(map_file(0, 1, RW, SHARED, 0) == (vaddr_t)-EACCES &&
		      map_file(0, 1, PROT_READ, SHARED, 0) == MIN &&
		      do_mprotect(&mm, MIN, PAGES(1), RW) == -EACCES,
	      "a read-only file takes no stores");
	CHECK(map_file(0, 1, RW, PRIVATE, 0) == MIN, "but a private mapping of it does");
}

/* What the kernel keeps about files is in frames of its own. */
static void test_frames(void)
{
	u32 free_frames;
	void *memory;

	with_file(1);
	free_frames = zone_free_frames();
	memory = alloc_pages_exact(PAGE_SIZE);
	CHECK(exact_room(PAGE_SIZE) == PAGE_SIZE && zone_free_frames() == free_frames - 1,
	      "as many bytes as a frame has take one frame");
	free_pages_exact(memory, PAGE_SIZE);
	memory = alloc_pages_exact(PAGE_SIZE + 1);
	CHECK(exact_room(PAGE_SIZE + 1) == PAGES(2) && zone_free_frames() == free_frames - 2,
	      "one byte more takes two");
	free_pages_exact(memory, PAGE_SIZE + 1);
	CHECK(zone_free_frames() == free_frames, "and all of them are given back");
}

/* --- faults --------------------------------------------------------------------------------- */

static void test_read(void)
{
	with_file(2);
	map_file(0, 3, RW, SHARED, 0);
	map_file(4, 2, RW, PRIVATE, 0);
	put_page(new_frame(ZONE_DIRECT)); /* so that fresh frames are not zero by chance */
	CHECK(touch(&mm, 0, 0) == VM_FAULT_DONE && !*word_at(&mm, 0), "a first load finds zeros");
	CHECK(touch(&mm, 4, 0) == VM_FAULT_DONE && page_at(&mm, 4) == page_at(&mm, 0) &&
		      page_count(page_at(&mm, 0)) == 3,
	      "and both mappings one page, which the file has as well");
	CHECK(!writable(&mm, 0) && !writable(&mm, 4), "none of them to be stored to");
	CHECK(touch(&mm, 2, 0) == VM_FAULT_SIGBUS &&
		      touch(&mm, 2, FAULT_WRITE) == VM_FAULT_SIGBUS && !is_mapped(&mm, 2),
	      "beyond the end: a SIGBUS");
}

static void test_stores(void)
{
	struct page *page;

	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	map_file(4, 2, RW, PRIVATE, 0);
	touch(&mm, 0, 0);
	touch(&mm, 4, 0);
	page = page_at(&mm, 0);
	*word_at(&mm, 0) = 5;
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && page_at(&mm, 0) == page &&
		      writable(&mm, 0) && pte_young(*pte_lookup(&mm, AT(0))),
	      "a store by a shared mapping goes to the page");
	CHECK(touch(&mm, 4, FAULT_WRITE) == VM_FAULT_DONE && page_at(&mm, 4) != page &&
		      writable(&mm, 4) && *word_at(&mm, 4) == 5 && page_count(page) == 2,
	      "one by a private mapping to a copy");
	CHECK(touch(&mm, 5, FAULT_WRITE) == VM_FAULT_DONE && writable(&mm, 5) &&
		      page_count(page_at(&mm, 5)) == 1 && page_at(&mm, 5) != file->cache[1].page,
	      "also if it is the first touch");
	CHECK(touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && writable(&mm, 1) &&
		      page_at(&mm, 1) == file->cache[1].page && pte_dirty(*pte_lookup(&mm, AT(1))),
	      "a first store by a shared mapping finds the page of the file");
	do_munmap(&mm, AT(0), PAGES(2));
	CHECK(page_count(page) == 1 && file->cache[0].page == page, "the file keeps it");
}

/* Another CPU does this while this one has dropped the lock. */
static enum race_point gap;
static unsigned changes;

static void touch_once(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != gap || changes++)
		return;
	assert(touch(&mm, 0, 0) == VM_FAULT_DONE);
}

static void test_two_faults(void)
{
	u32 frames;

	for (unsigned store = 0; store < 2; store++) {
		with_file(2);
		map_file(0, 2, RW, SHARED, 0);
		pte_alloc(&mm, MIN);
		frames = zone_free_frames();
		changes = 0;
		gap = RACE_filemap_unlocked;
		race_hook = touch_once;
		CHECK(touch(&mm, 0, store ? FAULT_WRITE : 0) == VM_FAULT_DONE && changes > 1 &&
			      page_at(&mm, 0) == file->cache[0].page &&
			      page_count(file->cache[0].page) == 2,
		      "two CPUs make one page for the file, and one of them is kept");
		race_hook = NULL;
		CHECK(zone_free_frames() == frames - 1, "the other one is given back");
		do_madvise(&mm, MIN, PAGES(2), MADV_DONTNEED);
		changes = 0;
		gap = RACE_filemap_found;
		race_hook = touch_once;
		CHECK(touch(&mm, 0, store ? FAULT_WRITE : 0) == VM_FAULT_DONE && changes > 1 &&
			      page_count(file->cache[0].page) == 2,
		      "two CPUs map it at one address, and one of them does");
		race_hook = NULL;
	}
}

/* --- fork ----------------------------------------------------------------------------------- */

static void test_fork(void)
{
	struct page *copy;

	with_file(4);
	map_file(0, 2, RW, SHARED, 0);
	map_file(4, 2, RW, PRIVATE, 2);
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 4, FAULT_WRITE);
	touch(&mm, 5, 0);
	copy = page_at(&mm, 4);
	assert(!dup_mm(&child, &mm));
	CHECK(!strcmp(list(), "m0-2@0 m4-6@2 c0-2@0 c4-6@2") && file->object.references == 5,
	      "the child's mappings are on the list: %s", list());
	CHECK(writable(&mm, 0) && !is_mapped(&child, 0),
	      "its shared page is not copied, and the parent keeps its right");
	CHECK(page_at(&child, 4) == copy && !writable(&child, 4) && !writable(&mm, 4) &&
		      page_at(&child, 5) == file->cache[3].page,
	      "its private ones are");
	CHECK(touch(&child, 0, FAULT_WRITE) == VM_FAULT_DONE &&
		      page_at(&child, 0) == page_at(&mm, 0) && writable(&child, 0),
	      "the child stores to the shared page of both");
	mm_destroy(&child);
	CHECK(!strcmp(list(), "m0-2@0 m4-6@2") && file->object.references == 3 &&
		      page_count(file->cache[0].page) == 2,
	      "and its end takes only what is its own");
}

/* The list at the moment when the child has its entries. */
static char listed[300];

static void look_at_list(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_fork_copied)
		strcpy(listed, list());
}

static void test_fork_order(bool off)
{
	with_file(4);
	map_file(0, 1, RW, PRIVATE, 0);
	map_file(4, 1, RW, SHARED, 2);
	if (off)
		GUARD_OFF(link_before_copy);
	race_hook = look_at_list;
	assert(!dup_mm(&child, &mm));
	race_hook = NULL;
	CHECK(!strcmp(listed, off ? "m0-1@0 m4-5@2" : "m0-1@0 m4-5@2 c0-1@0 c4-5@2"),
	      "when the child has its entries, its mappings are %s: %s",
	      off ? "not listed yet (link_before_copy off)" : "listed behind its parent's", listed);
	CHECK(!strcmp(list(), "m0-1@0 m4-5@2 c0-1@0 c4-5@2") && file->object.references == 5,
	      "after the fork they are");
	mm_destroy(&child);
}

/* A mapping that was never listed has no reference on its file either. */
static void test_never_listed(void)
{
	with_file(4);
	map_file(0, 1, RW, PRIVATE, 0);
	assert(mm_create(&child) && !vma_dup(&child, &mm));
	mm_destroy(&child);
	CHECK(!strcmp(list(), "m0-1@0") && file->object.references == 2,
	      "what was never listed is forgotten without its file");
}

/* --- too little memory ---------------------------------------------------------------------- */

static long map_more(void)
{
	vaddr_t va = map_file(9, 1, RW, SHARED, 0);

	return is_error(va) ? (long)va : 0;
}

static long map_over(void)
{
	vaddr_t va = map_file(1, 2, RW, SHARED, 0);

	return is_error(va) ? (long)va : 0;
}

static long map_anonymous(void)
{
	vaddr_t va = do_mmap(&mm, AT(9), PAGES(1), RW, SHARED | MAP_ANONYMOUS);

	return is_error(va) ? (long)va : 0;
}

static long unmap_middle(void)
{
	return do_munmap(&mm, AT(1), PAGES(2));
}

static long protect_middle(void)
{
	return do_mprotect(&mm, AT(1), PAGES(1), PROT_READ);
}

static long fork_it(void)
{
	int error = dup_mm(&child, &mm);

	if (!error)
		mm_destroy(&child);
	return error;
}

static long result_of(enum vm_fault_result result)
{
	return result == VM_FAULT_DONE ? 0 : result == VM_FAULT_OOM ? -ENOMEM : 1;
}

static long read_page(void)
{
	return result_of(touch(&mm, 3, 0));
}

static long store_to_page(void)
{
	return result_of(touch(&mm, 3, FAULT_WRITE));
}

static long copy_page_of_file(void)
{
	return result_of(touch(&mm, 5, FAULT_WRITE));
}

static long read_and_copy(void)
{
	long result = result_of(touch(&mm, 5, 0));

	return result ? result : copy_page_of_file();
}

static long make_file(void)
{
	struct file *another = file_create(PAGES(8), 0);

	if (another)
		put_file(another);
	return another ? 0 : -ENOMEM;
}

int main(void)
{
	test_places();
	test_cut_over_rights();
	test_end_of_file();
	test_errors();
	test_frames();
	test_read();
	test_stores();
	test_two_faults();
	test_fork();
	test_fork_order(false);
	test_fork_order(true);
	test_never_listed();
	sweep(map_more, "mmap of a file");
	sweep(map_over, "mmap over a mapping of a file");
	sweep(map_anonymous, "mmap of shared anonymous memory");
	sweep(unmap_middle, "munmap of the middle");
	sweep(fork_it, "fork");
	sweep(read_page, "a load");
	sweep(store_to_page, "a shared store");
	sweep(copy_page_of_file, "a private store");
	sweep(read_and_copy, "a private store behind a load");
	sweep(protect_middle, "mprotect of the middle");
	sweep(make_file, "a file");
	return tap_done();
}
