/* SPDX-License-Identifier: MIT */
/* Tests mm/object/writeback.c and rmap.c: dirty pages of a file are written to its store. */
#include "tests/self/unit/files.h"

static struct mm child;

static u32 word_in_store(void)
{
	return *(const u32 *)page_map(page_to_pfn(file->cache[0].store), WINDOW_A);
}

/* The page in three mappings of two spaces. Two of them stored to it, and one is private. */
static void three_mappings(void)
{
	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	map_file(5, 1, RW, PRIVATE, 0);
	load_on(1, &mm);
	assert(!dup_mm(&child, &mm));
	touch(&mm, 0, FAULT_WRITE);
	touch(&child, 0, FAULT_WRITE);
	touch(&mm, 5, 0);
	*word_at(&mm, 0) = 5;
}

static void test_writeback(void)
{
	unsigned flushes;
	u32 frames;

	three_mappings();
	frames = zone_free_frames();
	flushes = model_flushes[1].count;
	CHECK(file->cache[0].dirty && !file->cache[1].page, "one page is dirty");
	CHECK(!file_writeback(file) && !file->cache[0].dirty && word_in_store() == 5 &&
		      zone_free_frames() == frames - 1,
	      "it is written to a frame of the store");
	CHECK(file->cache[0].checksum == page_checksum(page_at(&mm, 0)) && file->cache[0].checksum,
	      "with its checksum");
	CHECK(!writable(&mm, 0) && !writable(&child, 0) && !pte_dirty(*pte_lookup(&mm, MIN)) &&
		      !pte_dirty(*pte_lookup(&child, MIN)) && pte_young(*pte_lookup(&mm, MIN)),
	      "no mapping may store to it, and each is clean and still young");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes + 1,
	      "one flush, of the space that another CPU has loaded");
	CHECK(!cpus[0].locks_held && !file->object.lock.owner && !file->cache[0].lock.owner,
	      "no lock is left");
	*word_at(&mm, 0) = 6;
	CHECK(!file_writeback(file) && word_in_store() == 5, "a clean page is not written again");
	CHECK(touch(&child, 0, FAULT_WRITE) == VM_FAULT_DONE && file->cache[0].dirty &&
		      writable(&child, 0) && !writable(&mm, 0),
	      "the next store makes it dirty");
	CHECK(!file_writeback(file) && word_in_store() == 6, "and it is written once more");
	mm_destroy(&child);
}

/* A page is found by its place in the file, wherever a mapping begins. */
static void test_place_is_cleaned(void)
{
	with_file(4);
	map_file(0, 2, RW, SHARED, 2);
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 1, FAULT_WRITE);
	page_lock(file, 3);
	page_mkclean(file, 3);
	page_unlock(file, 3);
	CHECK(writable(&mm, 0) && !writable(&mm, 1), "the page with the number, and no other");
}

static void test_private_is_not_cleaned(void)
{
	three_mappings();
	touch(&mm, 5, FAULT_WRITE);
	assert(!file_writeback(file));
	CHECK(writable(&mm, 5) && pte_dirty(*pte_lookup(&mm, AT(5))),
	      "a private copy keeps its right");
	mm_destroy(&child);
}

/* A mapping without the right to store gives no entry one, and makes no page dirty. With the right
 * back, the first store still does. */
static void test_rights(void)
{
	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	touch(&mm, 0, FAULT_WRITE);
	assert(!do_mprotect(&mm, MIN, PAGES(2), PROT_READ) && file->cache[0].dirty);
	CHECK(!file_writeback(file) && !file->cache[0].dirty && !pte_dirty(*pte_lookup(&mm, MIN)),
	      "a page that was stored to before the right went is written back");
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_SIGSEGV &&
		      touch(&mm, 1, FAULT_WRITE) == VM_FAULT_SIGSEGV && !file->cache[0].dirty &&
		      !file->cache[1].page && !writable(&mm, 0),
	      "a store without the right makes no page dirty, and none for the file");
	touch(&mm, 1, 0);
	assert(!do_mprotect(&mm, MIN, PAGES(2), RW));
	CHECK(!writable(&mm, 0) && !writable(&mm, 1) && !file->cache[0].dirty,
	      "the right of the mapping alone lets no store through");
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && file->cache[0].dirty &&
		      !file->cache[1].dirty && writable(&mm, 0),
	      "the next store makes its page dirty, and no other one");
	assert(!do_mprotect(&mm, MIN, PAGES(2), PROT_NONE) &&
	       !do_mprotect(&mm, MIN, PAGES(2), RW));
	CHECK(!writable(&mm, 0) && file->cache[0].dirty,
	      "no right at all takes that of the entry as well, and the page stays dirty");
}

static void test_store_fails(void)
{
	three_mappings();
	touch(&mm, 1, FAULT_WRITE);
	file->cache[0].failing = 1;
	CHECK(file_writeback(file) == -EIO && file->cache[0].dirty && !file->cache[1].dirty &&
		      file->cache[1].store,
	      "a store that fails leaves its page dirty, and the next page is written");
	CHECK(!file_writeback(file) && !file->cache[0].dirty && word_in_store() == 5,
	      "the error comes once");
	mm_destroy(&child);
	three_mappings();
	while (alloc_page(ZONE_HIGH))
		;
	CHECK(!file_writeback(file) && page_to_pfn(file->cache[0].store) < zones[ZONE_HIGH].start,
	      "without memory above 4 GiB the store lies below");
	three_mappings();
	while (alloc_page(ZONE_HIGH) || alloc_page(ZONE_DIRECT))
		;
	CHECK(file_writeback(file) == -ENOMEM && file->cache[0].dirty && writable(&mm, 0),
	      "no memory for the store: nothing is changed");
}

/* Three pages are dirty, and there are frames for some of them in the store. */
static void test_no_memory(void)
{
	for (unsigned frames = 0; frames < 4; frames++) {
		unsigned n, dirty = 0, right = 0;
		u32 all;
		int result;

		machine_reset();
		all = zone_free_frames();
		with_file(3);
		map_file(0, 3, RW, SHARED, 0);
		for (unsigned i = 0; i < 3; i++)
			touch(&mm, i, FAULT_WRITE);
		n = take_all_but(frames);
		result = file_writeback(file);
		for (unsigned i = 0; i < 3; i++) {
			dirty += file->cache[i].dirty && !file->cache[i].store;
			right += writable(&mm, i);
		}
		CHECK(result == (frames < 3 ? -ENOMEM : 0) && dirty == 3 - frames && right == dirty,
		      "with %u frames, as many pages are written, and the others stay dirty",
		      frames);
		while (n--)
			put_page(taken[n]);
		CHECK(!file_writeback(file) && !writable(&mm, 2) && !file->cache[2].dirty &&
			      file->cache[2].store,
		      "the next writeback writes them");
		free_all();
		CHECK(zone_free_frames() == all, "and nothing is left in the end");
	}
}

/* --- FILE_DAX ------------------------------------------------------------------------------- */

static void with_dax(u32 pages)
{
	fresh();
	file = file_create(PAGES(pages), FILE_DAX);
	assert(file);
	mm_switch(&mm);
	map_file(0, pages, RW, SHARED, 0);
	map_file(5, pages, RW, PRIVATE, 0);
}

static bool is_high(const struct page *page)
{
	return page_to_pfn(page) >= zones[ZONE_HIGH].start;
}

static u32 high_frames(void)
{
	return zones[ZONE_HIGH].nr_free + zones[ZONE_HIGH].pcp[cpu_id()].nr;
}

static void test_dax(void)
{
	const struct cached_page *cached;
	u32 frames, high;

	with_dax(2);
	high = high_frames();
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 5, 0);
	cached = &file->cache[0];
	CHECK(page_at(&mm, 0) == cached->page && page_at(&mm, 5) == cached->page &&
		      is_high(cached->page) && high_frames() == high - 1,
	      "the page of a file in its store is a frame of the store");
	*word_at(&mm, 0) = 5;
	frames = zone_free_frames();
	CHECK(!file_writeback(file) && zone_free_frames() == frames &&
		      cached->store == cached->page && page_count(cached->page) == 3,
	      "a writeback takes no frame, and no reference");
	CHECK(!writable(&mm, 0) && !cached->dirty &&
		      cached->checksum == page_checksum(cached->page),
	      "but the right, and makes the checksum of the page itself");
	*word_at(&mm, 0) = 6;
	CHECK(word_in_store() == 6, "a store of the program goes to the store");
	CHECK(touch(&mm, 5, FAULT_WRITE) == VM_FAULT_DONE && !is_high(page_at(&mm, 5)) &&
		      *word_at(&mm, 5) == 6 && page_count(cached->page) == 2,
	      "a private store to a copy");
	free_all();
	CHECK(high_frames() == high, "and the end of the file gives the frame back");
}

static void test_dax_truncated(void)
{
	struct page *page;
	u32 high;

	with_dax(2);
	high = high_frames();
	for (unsigned i = 0; i < 2; i++)
		touch(&mm, i, FAULT_WRITE);
	assert(!file_writeback(file));
	page = file->cache[1].page;
	get_page(page);
	CHECK(!file_truncate(file, PAGE_SIZE) && !file->cache[1].page && !file->cache[1].store &&
		      page_count(page) == 1 && high_frames() == high - 2,
	      "a page that leaves the file leaves the store, and its driver has it");
	put_page(page);
	CHECK(high_frames() == high - 1, "until it is given back");
	touch(&mm, 0, FAULT_WRITE);
	CHECK(!file_truncate(file, 0) && high_frames() == high,
	      "without a driver its frame is free at once, also of a dirty page");
	free_all();
}

static void test_dax_fails(void)
{
	u32 checksum;

	with_dax(2);
	touch(&mm, 0, FAULT_WRITE);
	assert(!file_writeback(file));
	checksum = file->cache[0].checksum;
	touch(&mm, 0, FAULT_WRITE);
	*word_at(&mm, 0) = 7;
	file->cache[0].failing = 1;
	CHECK(file_writeback(file) == -EIO && file->cache[0].dirty &&
		      file->cache[0].checksum == checksum,
	      "a writeback that fails leaves the page dirty, with its old checksum");
	CHECK(!file_writeback(file) && file->cache[0].checksum != checksum,
	      "the next one does not");
	free_all();
	with_dax(2);
	while (alloc_page(ZONE_HIGH))
		;
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE && !is_high(file->cache[0].page),
	      "without memory above 4 GiB the frame lies below");
	while (alloc_page(ZONE_DIRECT))
		;
	CHECK(touch(&mm, 1, 0) == VM_FAULT_OOM && !file->cache[1].page,
	      "and without any there is none");
	CHECK(!file_writeback(file), "a writeback needs no memory");
}

static void test_clean_guards(void)
{
	unsigned flushes;

	three_mappings();
	GUARD_OFF(clean_flush);
	flushes = model_flushes[1].count;
	assert(!file_writeback(file));
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes,
	      "clean_flush off: no flush");
	mm_destroy(&child);
	three_mappings();
	GUARD_OFF(mkwrite_lock);
	page_lock(file, 0);
	do_madvise(&mm, MIN, PAGE_SIZE, MADV_DONTNEED);
	CHECK(touch(&mm, 0, FAULT_WRITE) == VM_FAULT_DONE,
	      "mkwrite_lock off: a store does not wait for the page");
	page_unlock(file, 0);
	mm_destroy(&child);
}

int main(void)
{
	test_writeback();
	test_place_is_cleaned();
	test_private_is_not_cleaned();
	test_rights();
	test_store_fails();
	test_no_memory();
	test_dax();
	test_dax_truncated();
	test_dax_fails();
	test_clean_guards();
	return tap_done();
}
