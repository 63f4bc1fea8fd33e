/* SPDX-License-Identifier: MIT */
/* Tests mm/object/truncate.c, and faults on files that become shorter. */
#include "tests/self/unit/files.h"

static struct mm child;

/* Pages 0 and 1 of the file in a shared mapping and in a private one, and in a child's. */
static void mapped_file(void)
{
	with_file(3);
	map_file(0, 3, RW, SHARED, 0);
	map_file(5, 3, RW, PRIVATE, 0);
	for (unsigned i = 0; i < 3; i++) {
		touch(&mm, i, FAULT_WRITE);
		touch(&mm, 5 + i, i == 2 ? FAULT_WRITE : 0);
	}
	assert(!dup_mm(&child, &mm));
	touch(&child, 1, FAULT_WRITE);
	*word_at(&mm, 1) = 5;
	*word_at(&mm, 0) = 4;
}

static bool nobody_has(unsigned i)
{
	return !is_mapped(&mm, i) && !is_mapped(&mm, 5 + i) && !is_mapped(&child, i) &&
	       !is_mapped(&child, 5 + i);
}

static bool is_unlocked(void)
{
	return !cpus[0].locks_held && !file->object.lock.owner && !file->size_lock.owner &&
	       !file->cache[0].lock.owner && !file->cache[1].lock.owner;
}

static void test_shorter(void)
{
	struct page *page;

	mapped_file();
	assert(!file_writeback(file));
	touch(&mm, 1, FAULT_WRITE);
	page = file->cache[1].page;
	get_page(page);
	CHECK(!file_truncate(file, PAGE_SIZE) && file->size == PAGE_SIZE, "a shorter file");
	CHECK(nobody_has(1) && nobody_has(2), "what lies behind its end is mapped nowhere");
	CHECK(page_count(page) == 1 && !file->cache[1].page && !file->cache[1].store,
	      "and the file has neither the page nor its copy in the store");
	CHECK(!file->cache[1].dirty && file_writeback(file) == 0, "nor anything to write");
	put_page(page);
	CHECK(is_mapped(&mm, 0) && page_at(&mm, 5) == page_at(&mm, 0) && *word_at(&mm, 0) == 4,
	      "the page before its end stays where it is");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_SIGBUS &&
		      touch(&child, 7, FAULT_WRITE) == VM_FAULT_SIGBUS,
	      "a fault behind the end is a SIGBUS");
	CHECK(is_unlocked(), "no lock is left");
	mm_destroy(&child);
}

static void test_longer(void)
{
	mapped_file();
	CHECK(file_truncate(file, PAGES(3) + 1) == -EFBIG && file->size == PAGES(3) &&
		      !nobody_has(2),
	      "never longer than it was made");
	CHECK(!file_truncate(file, 0) && nobody_has(0) && !file_truncate(file, PAGES(3)) &&
		      touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && !*word_at(&mm, 1),
	      "a file that was empty has zeros");
	CHECK(page_at(&mm, 1) == file->cache[1].page && file->cache[1].dirty,
	      "in a page of its own");
	mm_destroy(&child);
}

/* A driver has one page, a second one has a private copy, and a third has a page that was mapped
 * nowhere. */
static void test_other_users(void)
{
	struct page *users[3], *page;
	u32 all;

	machine_reset();
	all = zone_free_frames();
	mapped_file();
	assert(!file_writeback(file));
	users[0] = file->cache[1].page;
	users[1] = page_at(&mm, 7);
	do_munmap(&mm, AT(2), PAGES(1));
	users[2] = file->cache[2].page;
	for (unsigned i = 0; i < 3; i++)
		get_page(users[i]);
	assert(!file_truncate(file, PAGE_SIZE) && !file_truncate(file, PAGES(3)));
	touch(&mm, 1, FAULT_WRITE);
	touch(&mm, 7, FAULT_WRITE);
	page = file->cache[1].page;
	CHECK(page && page != users[0] && page == page_at(&mm, 1) && page_at(&mm, 7) != users[1] &&
		      file->cache[2].page != users[2],
	      "pages with other users are not the file's any more when it grows");
	CHECK(page_count(users[0]) == 1 && page_count(users[1]) == 1 && page_count(users[2]) == 1,
	      "and only their users have them");
	*(u32 *)page_map(page_to_pfn(users[0]), WINDOW_A) = 9;
	assert(!file_writeback(file));
	CHECK(!*(u32 *)page_map(page_to_pfn(file->cache[1].store), WINDOW_A) && !*word_at(&mm, 1),
	      "nobody else sees their stores");
	for (unsigned i = 0; i < 3; i++)
		put_page(users[i]);
	mm_destroy(&child);
	free_all();
	CHECK(zone_free_frames() == all, "and nothing is left in the end");
}

static void test_read_only(void)
{
	machine_reset();
	file = file_create(PAGES(2), FILE_READ_ONLY);
	CHECK(file_truncate(file, 0) == -EINVAL && file_truncate(file, PAGES(2)) == -EINVAL &&
		      file->size == PAGES(2),
	      "a read-only file keeps its size");
	put_file(file);
}

static u8 byte(u32 at)
{
	return ((u8 *)page_map(page_to_pfn(file->cache[1].page), WINDOW_A))[at];
}

static void test_part_of_page(void)
{
	mapped_file();
	fill_page(page_map(page_to_pfn(file->cache[1].page), WINDOW_A), 0x01010101);
	assert(!file_writeback(file));
	CHECK(!file_truncate(file, PAGE_SIZE + 5) && byte(4) == 1 && !byte(5) && !byte(6),
	      "an end within a page: what lies behind is cleared");
	CHECK(is_mapped(&mm, 1) && nobody_has(2) && file->cache[1].dirty, "the page stays, dirty");
	fill_page(page_map(page_to_pfn(file->cache[1].page), WINDOW_A), 0x01010101);
	CHECK(!file_truncate(file, PAGES(2)) && byte(4) == 1 && !byte(5) && !byte(6),
	      "and so is what was stored there, when the file grows");
	mm_destroy(&child);
	with_file(2);
	CHECK(!file_truncate(file, PAGE_SIZE + 5) && !file->cache[1].page && !file->cache[1].dirty,
	      "without a page nothing is dirty");
}

/* Another CPU makes the file shorter while a fault stands at this point. */
static enum race_point gap;
static u32 cut_to;
static unsigned cuts;

static void truncate_once(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == gap && !cuts++)
		AS_CPU(1, assert(!file_truncate(file, cut_to)));
}

static enum vm_fault_result touch_in_between(enum race_point point, u32 flags, u32 cause)
{
	enum vm_fault_result result;

	with_file(2);
	map_file(0, 2, RW, flags, 0);
	pte_alloc(&mm, MIN);
	gap = point;
	cuts = 0;
	cut_to = 0;
	race_hook = truncate_once;
	result = touch(&mm, 1, cause);
	race_hook = NULL;
	assert(cuts);
	return result;
}

static void test_faults(void)
{
	static const enum race_point points[] = {RACE_filemap_unlocked, RACE_filemap_found};
	u32 frames;

	for (unsigned i = 0; i < 6; i++) {
		u32 flags = i / 2 ? SHARED : PRIVATE, cause = i / 2 == 1 ? 0 : FAULT_WRITE;

		with_file(2);
		map_file(0, 2, RW, flags, 0);
		pte_alloc(&mm, MIN);
		frames = zone_free_frames();
		CHECK(touch_in_between(points[i % 2], flags, cause) == VM_FAULT_DONE &&
			      !is_mapped(&mm, 1) && !file->cache[1].page && !file->cache[1].dirty,
		      "a page that left the file is not mapped (%u)", i);
		CHECK(zone_free_frames() == frames && is_unlocked(), "nor kept");
		CHECK(touch(&mm, 1, cause) == VM_FAULT_SIGBUS, "the access is a SIGBUS then");
	}
	touch_in_between(RACE_filemap_found, SHARED, 0);
	file_truncate(file, PAGES(2));
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && page_at(&mm, 1) == file->cache[1].page,
	      "unless the file has grown again");
}

static void touch_beyond(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != RACE_zap_done || cuts++)
		return;
	CHECK(file_pages(file) == 1 && touch(&child, 2, 0) == VM_FAULT_SIGBUS,
	      "meanwhile the size is the new one");
}

static void test_order(void)
{
	mapped_file();
	cuts = 0;
	race_hook = touch_beyond;
	file_truncate(file, PAGE_SIZE);
	race_hook = NULL;
	CHECK(cuts, "a fault while pages leave the file");
	mm_destroy(&child);
}

static void store_behind_old_end(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != gap || cuts++)
		return;
	assert(file->size == PAGES(3) && touch(&mm, 2, FAULT_WRITE) == VM_FAULT_DONE);
	*word_at(&mm, 1) = 0x05050505;
}

/* A program finds the file longer by its third page, and then stores to the rest of its second. */
static void test_store_after_growth(void)
{
	with_file(3);
	map_file(0, 3, RW, SHARED, 0);
	touch(&mm, 1, FAULT_WRITE);
	assert(!file_truncate(file, PAGE_SIZE + 1));
	*word_at(&mm, 1) = 9;
	gap = RACE_truncate_sized;
	cuts = 0;
	race_hook = store_behind_old_end;
	assert(!file_truncate(file, PAGES(3)));
	race_hook = NULL;
	CHECK(cuts && *word_at(&mm, 1) == 0x05050505,
	      "a store that comes after the growth of a file is not cleared away");
	CHECK(file->cache[2].page && is_mapped(&mm, 2), "nor is the page that told of it");
}

/* The entry is gone when the page is locked. */
static void test_right_to_store(void)
{
	struct vm_fault vmf = {.mm = &mm, .address = AT(1), .cause = FAULT_USER | FAULT_WRITE};

	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	touch(&mm, 1, 0);
	vmf.vma = vma_lookup(&mm, AT(1));
	vmf.pte = pte_lookup(&mm, AT(1));
	vmf.orig_pte = entry_read(vmf.pte);
	file_truncate(file, 0);
	CHECK(wp_page_shared(&vmf) == VM_FAULT_DONE && !is_mapped(&mm, 1) && !file->cache[1].dirty,
	      "a page that left the file gets no right to store, and is not dirty");
}

static void test_guard(void)
{
	with_file(2);
	map_file(0, 2, RW, SHARED, 0);
	GUARD_OFF(truncate_recheck);
	gap = RACE_filemap_found;
	cuts = cut_to = 0;
	race_hook = truncate_once;
	touch(&mm, 1, 0);
	race_hook = NULL;
	CHECK(is_mapped(&mm, 1) && !file->cache[1].page,
	      "truncate_recheck off: a page is mapped that has left the file");
}

int main(void)
{
	test_shorter();
	test_longer();
	test_other_users();
	test_read_only();
	test_part_of_page();
	test_faults();
	test_order();
	test_store_after_growth();
	test_right_to_store();
	test_guard();
	return tap_done();
}
