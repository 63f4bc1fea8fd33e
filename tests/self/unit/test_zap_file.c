/* SPDX-License-Identifier: MIT */
/* Tests mm/table/zap.c with pages of files. The mark of a dirty entry becomes the page's, and then
 * the flush comes before the table's lock drops. */
#include "kernel/hooks/race.h"
#include "mm/table/establish.h"
#include "mm/table/zap.h"
#include "tests/self/unit/files.h"

#define WRITABLE (PTE_USER | PTE_WRITE | PTE_YOUNG)

/* How often CPU 1 had flushed when a zap dropped the table's lock. */
static unsigned flushes_when_unlocked;

static void see_unlock(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_zap_unlocked)
		flushes_when_unlocked = model_flushes[1].count;
}

/* Four pages of a file in a shared mapping from page 0 on, and in a private one from page 4 on. CPU
 * 1 has the space as well. */
static void mapped_file(void)
{
	with_file(4);
	map_file(0, 4, RW, SHARED, 0);
	map_file(4, 4, RW, PRIVATE, 0);
	load_on(1, &mm);
	race_hook = see_unlock;
}

/* Gives a shared mapping the right to store without a store, and without a fault to notice it. */
static void make_writable(u32 i)
{
	struct page *page = filemap_get_page(file, i);

	assert(page && mm_establish(&mm, AT(i), mk_pte(page_to_pfn(page), WRITABLE)));
}

static void zap(unsigned page)
{
	zap_page_range(&mm, AT(page), AT(page + 1));
}

static bool store_at(unsigned page)
{
	struct fault fault;

	return try_store(AT(page), 5, &fault);
}

static bool load_at(unsigned page)
{
	struct fault fault;
	u32 value;

	return try_load(AT(page), &value, &fault);
}

static void test_marks(void)
{
	mapped_file();
	make_writable(0);
	make_writable(1);
	CHECK(load_at(0) && store_at(1) && !file->cache[0].dirty && !file->cache[1].dirty,
	      "the hardware lets both through, and the file does not know");
	zap(0);
	CHECK(!is_mapped(&mm, 0) && !file->cache[0].dirty, "a page that was loaded from is clean");
	zap(1);
	CHECK(!is_mapped(&mm, 1) && file->cache[1].dirty, "one that was stored to is dirty");
	CHECK(!file->cache[0].dirty && !file->cache[2].dirty, "and it alone");
	CHECK(!file_writeback(file) && !file->cache[0].store && file->cache[1].store,
	      "so it alone is written back");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && is_mapped(&mm, 1), "it is mapped once more");
	zap(1);
	CHECK(!file->cache[1].dirty, "and read-only, so it stays clean");
}

/* What is stored to a private copy, or to anonymous memory, is no file's. */
static void test_private(void)
{
	mapped_file();
	assert(touch(&mm, 4, 0) == VM_FAULT_DONE && touch(&mm, 5, FAULT_WRITE) == VM_FAULT_DONE);
	CHECK(page_at(&mm, 4) == file->cache[0].page && page_at(&mm, 5) != file->cache[1].page &&
		      pte_dirty(*pte_lookup(&mm, AT(5))),
	      "a page of the file, and a dirty copy of the next one");
	zap(4);
	zap(5);
	CHECK(!file->cache[0].dirty && !file->cache[1].dirty, "the file's pages stay clean");
}

/* The page belongs to somebody else when it has left its file. */
static void test_left(void)
{
	struct page *page, *last;

	mapped_file();
	touch(&mm, 0, FAULT_WRITE);
	touch(&mm, 3, FAULT_WRITE);
	last = page_at(&mm, 3);
	page = page_at(&mm, 0);
	get_page(last);
	get_page(page);
	CHECK(page->file_dirty == virt_to_phys(&file->cache[0].dirty), "a page knows its file");
	assert(!file_truncate(file, PAGES(3)));
	CHECK(!last->file_dirty && !mark_page_dirty(last) && !file->cache[3].dirty,
	      "not when the file has become shorter");
	mm_switch(NULL);
	AS_CPU(1, mm_switch(NULL));
	mm_destroy(&mm);
	CHECK(page->file_dirty && file->cache[0].dirty, "the end of the space zaps it");
	put_file(file);
	CHECK(!page->file_dirty && page_count(page) == 1, "the end of the file forgets it");
	put_page(page);
	put_page(last);
}

/* Returns whether a zap of the range has flushed CPU 1 when the lock drops. It has flushed it when
 * it returns. */
static bool flushed_first(unsigned page, unsigned pages)
{
	unsigned before = model_flushes[1].count;

	zap_page_range(&mm, AT(page), AT(page + pages));
	assert(CAP_BROADCAST_FLUSH || model_flushes[1].count == before + 1);
	return flushes_when_unlocked != before;
}

static void test_flush(void)
{
	if (CAP_BROADCAST_FLUSH) /* the clear itself flushes */
		return;
	mapped_file();
	touch(&mm, 0, FAULT_WRITE);
	CHECK(flushed_first(0, 1), "a dirty page is flushed, and then the lock drops");
	CHOOSE(zap_flush, after_unlock);
	touch(&mm, 0, FAULT_WRITE);
	CHECK(flushed_first(0, 1), "also with zap_flush=after_unlock");
	touch(&mm, 0, 0);
	touch(&mm, 1, FAULT_WRITE);
	touch(&mm, 2, 0);
	CHECK(flushed_first(0, 3), "and if it is one of several");
	touch(&mm, 1, 0);
	CHECK(!flushed_first(1, 1), "a clean one is not");
	touch(&mm, 5, FAULT_WRITE);
	CHECK(!flushed_first(5, 1), "nor is a dirty copy of one");
	CHOOSE(zap_flush, before_unlock);
	touch(&mm, 1, 0);
	CHECK(flushed_first(1, 1), "without the choice each page is");
	GUARD_OFF(dirty_flush);
	touch(&mm, 1, 0);
	CHECK(flushed_first(1, 1), "a clean one with dirty_flush off too");
	touch(&mm, 1, FAULT_WRITE);
	CHECK(!flushed_first(1, 1) && file->cache[1].dirty, "but no dirty one");
}

int main(void)
{
	test_marks();
	test_private();
	test_left();
	test_flush();
	return tap_done();
}
