/* SPDX-License-Identifier: MIT */
/* Tests page-out of pages that several spaces of a family share. */
#include "mm/object/file.h"
#include "mm/space/fork.h"
#include "tests/self/unit/swapped.h"

static struct mm grandchild;
static struct page *page; /* page 1 of the parent, which the child shares */

/* The parent is loaded on CPUs 0 and 1, and the child on CPU 2. */
static void begin(void)
{
	race_hook = NULL;
	fresh();
	mm_switch(&mm);
	load_on(1, &mm);
	map(0, 4, RW);
	assert(pte_alloc(&mm, AT(0)));
	store(&mm, 1, WORD);
	assert(!dup_mm(&child, &mm));
	load_on(2, &child);
	baseline = zone_free_frames();
	page = page_of(&mm, 1);
}

static void begin_out(void)
{
	begin();
	assert(!page_out(&mm, AT(1)));
}

static void end_child(void)
{
	AS_CPU(2, mm_switch(NULL));
	mm_destroy(&child);
}

/* So many frames more are in use than at first. */
static bool more_frames(int frames)
{
	return (int)(baseline - zone_free_frames()) == frames;
}

static bool is_shared(void)
{
	return has(&mm, 1, WORD) && has(&child, 1, WORD) && page_of(&child, 1) == page &&
	       page_count(page) == 2 && !swap_used() && more_frames(0);
}

static void test_out(void)
{
	unsigned flushes[2];

	begin();
	flushes[0] = model_flushes[1].count;
	flushes[1] = model_flushes[2].count;
	CHECK(!page_out(&mm, AT(1)) && is_out(&mm, 1) && is_out(&child, 1) && !page_count(page),
	      "a shared page goes out of both spaces, and its frame is free");
	CHECK(CAP_BROADCAST_FLUSH || (model_flushes[1].count == flushes[0] + 1 &&
				      model_flushes[2].count == flushes[1] + 1),
	      "the CPUs of both have flushed");
	CHECK(swap_used() == 1 && entries_of_slot(0) == 2 && !swap_area.slot[0].page &&
		      words_of(swap_area.slot[0].store)[0] == WORD && more_frames(0),
	      "its slot has two entries");
	CHECK(page_out(&child, AT(1)) == -EFAULT, "it goes out once");
	CHECK(!this_cpu()->locks_held && !mm.mmap_lock.readers && !mm.family->lock.owner,
	      "no lock is left");
}

static void test_in(void)
{
	begin_out();
	CHECK(touch(&child, 1, FAULT_WRITE) == VM_FAULT_DONE && has(&child, 1, WORD) &&
		      !is_writable(&child, 1) && is_out(&mm, 1) && entries_of_slot(0) == 1,
	      "a store of one brings it back read-only");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && page_of(&mm, 1) == page_of(&child, 1) &&
		      page_count(page_of(&mm, 1)) == 2 && !swap_used() && more_frames(0),
	      "the other finds the same page in the cache, and the slot is free");
	store(&child, 1, 7);
	CHECK(has(&mm, 1, WORD) && has(&child, 1, 7) && more_frames(1),
	      "and the store goes to a copy");
	begin_out();
	end_child();
	CHECK(entries_of_slot(0) == 1 && touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE &&
		      has(&mm, 1, WORD) && is_writable(&mm, 1) && !swap_used(),
	      "when one space has ended, the other gets the page for itself");
}

static void test_out_again(void)
{
	begin_out();
	assert(touch(&child, 1, 0) == VM_FAULT_DONE);
	page = page_of(&child, 1);
	CHECK(!page_out(&child, AT(1)) && is_out(&child, 1) && !page_count(page) &&
		      swap_used() == 1 && entries_of_slot(0) == 2 && !swap_area.slot[0].page,
	      "a page that one space has back goes out to the slot of the other");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && touch(&child, 1, 0) == VM_FAULT_DONE &&
		      has(&mm, 1, WORD) && page_of(&child, 1) == page_of(&mm, 1) && !swap_used(),
	      "and both get it back");
}

/* Where the page is, and what is at its number otherwise. */
static void test_places(void)
{
	begin();
	assert(!dup_mm(&grandchild, &child));
	store(&child, 1, 7);
	do_mremap(&grandchild, AT(1), PAGES(1), PAGES(1), MREMAP_MAYMOVE | MREMAP_FIXED, AT(9));
	CHECK(!page_out(&mm, AT(1)) && is_out(&mm, 1) && is_out(&grandchild, 9) &&
		      entries_of_slot(0) == 2 && has(&child, 1, 7) && !page_count(page),
	      "it is found where it was moved, and a copy in its place stays");
	CHECK(!page_out(&child, AT(1)) && swap_used() == 2 && entries_of_slot(1) == 1,
	      "which goes to a slot of its own");
	CHECK(touch(&grandchild, 9, 0) == VM_FAULT_DONE && has(&grandchild, 9, WORD) &&
		      touch(&child, 1, 0) == VM_FAULT_DONE && has(&child, 1, 7),
	      "each comes back with its words");
	mm_destroy(&grandchild);
	begin();
	do_munmap(&child, AT(0), PAGES(4));
	CHECK(!page_out(&mm, AT(1)) && entries_of_slot(0) == 1 && !page_count(page),
	      "a space that has unmapped it, and has no table there, is passed over");
}

static void test_busy(void)
{
	begin();
	get_page(page);
	CHECK(page_out(&mm, AT(1)) == -EBUSY && page_out(&child, AT(1)) == -EBUSY &&
		      page_count(page) == 3,
	      "a page with another user stays");
	put_page(page);
	CHECK(is_shared(), "in both spaces");
	begin_out();
	assert(touch(&child, 1, 0) == VM_FAULT_DONE);
	page = page_of(&child, 1);
	get_page(page);
	CHECK(page_out(&child, AT(1)) == -EBUSY && has(&child, 1, WORD) &&
		      swap_area.slot[0].page == page && entries_of_slot(0) == 1 &&
		      page_count(page) == 3,
	      "and so does one that the other space has in swap");
	put_page(page);
}

static void test_errors(void)
{
	u32 slot[SWAP_SLOTS];

	begin();
	for (unsigned i = 0; i < SWAP_SLOTS; i++)
		assert(!swap_alloc(&slot[i]));
	CHECK(page_out(&mm, AT(1)) == -ENOSPC, "the area is full");
	for (unsigned i = 0; i < SWAP_SLOTS; i++)
		swap_free(slot[i]);
	CHECK(is_shared(), "and the page stays in both spaces");
	while (zone_free_frames())
		if (!alloc_page(ZONE_DIRECT))
			assert(alloc_page(ZONE_HIGH));
	CHECK(page_out(&mm, AT(1)) == -ENOMEM && page_count(page) == 2, "there is no memory");
}

static void test_cache(void)
{
	u32 slot, other, found = 0;

	begin();
	assert(!swap_alloc(&slot) && !swap_alloc(&other));
	CHECK(!swap_hold_cached(page, &found), "no slot has the page");
	CHECK(swap_cache_add(slot, page) && swap_cache_add(slot, page) && page_count(page) == 3,
	      "a slot gets it once");
	CHECK(!swap_cache_add(other, page) && !swap_area.slot[other].page && page_count(page) == 3,
	      "and no other one");
	CHECK(swap_hold_cached(page, &found) && found == slot && entries_of_slot(slot) == 2,
	      "the slot is found, and held");
}

/* --- copies of a file's pages --------------------------------------------------------------- */

static struct file *begin_file(void)
{
	struct file *file;

	fresh();
	mm_switch(&mm);
	file = file_create(PAGES(2), 0);
	assert(file);
	assert(!is_error(do_mmap_file(&mm, file, 0, AT(0), PAGES(2), RW, MAP_PRIVATE | MAP_FIXED)));
	assert(touch(&mm, 0, 0) == VM_FAULT_DONE);
	store(&mm, 1, WORD);
	return file;
}

static void test_file(void)
{
	struct file *file = begin_file();

	CHECK(page_out(&mm, AT(0)) == -EINVAL, "a file's page that is only read stays");
	CHECK(!page_out(&mm, AT(1)) && is_out(&mm, 1) && swap_used() == 1, "a copy goes out");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && has(&mm, 1, WORD) && !swap_used() &&
		      page_of(&mm, 1)->object == mm.family && page_of(&mm, 1)->index == 1,
	      "and comes back as a copy");
	assert(!dup_mm(&child, &mm));
	CHECK(!page_out(&child, AT(1)) && is_out(&mm, 1) && entries_of_slot(0) == 2,
	      "also if it is shared");
	CHECK(!file_truncate(file, PAGE_SIZE) && entry_none(*slot_of(&mm, 1)) &&
		      entry_none(*slot_of(&child, 1)) && !swap_used() &&
		      touch(&mm, 1, 0) == VM_FAULT_SIGBUS,
	      "it is gone when the file ends before it");
}

/* --- races ---------------------------------------------------------------------------------- */

static enum race_point awaited;
static void (*then)(void);

static void once(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != awaited)
		return;
	awaited = NR_RACES;
	AS_CPU(3, then());
}

#define WHEN(point, what)                                                                          \
	do {                                                                                       \
		awaited = RACE_##point;                                                            \
		then = (what);                                                                     \
		race_hook = once;                                                                  \
	} while (0)

static u32 take_out(void)
{
	return page_out_range(&mm, AT(0), AT(4));
}

static void touch_child(void)
{
	assert(touch(&child, 1, 0) == VM_FAULT_DONE);
}

static void store_in_child(void)
{
	store(&child, 1, 7);
}

static void walk_it(void)
{
	get_page(page);
}

static void test_owed(void)
{
	begin();
	CHECK(take_out() == 1 && is_out(&mm, 1) && is_out(&child, 1) && !page_count(page),
	      "with a batch it goes out of both spaces");
	CHECK(CAP_BROADCAST_FLUSH || (mm.batched == 1 && child.batched == 1), "which both note");
	begin();
	WHEN(batch_unmapped, touch_child);
	CHECK(take_out() == 1 && has(&child, 1, WORD) && is_out(&mm, 1) && entries_of_slot(0) == 1,
	      "one space gets it back before it is written");
	CHECK(swap_area.slot[0].page == page && page_count(page) == 2 &&
		      touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && is_shared() &&
		      !is_writable(&mm, 1),
	      "and the other finds it in the cache");
	CHECK(CAP_BROADCAST_FLUSH || (child.settled == 1 && mm.settled == 1),
	      "each behind its flush");
	begin();
	WHEN(batch_unmapped, store_in_child);
	CHECK(take_out() == 1 && has(&child, 1, 7) && touch(&mm, 1, 0) == VM_FAULT_DONE &&
		      has(&mm, 1, WORD) && !swap_used() && more_frames(1),
	      "a store before it is written goes to a copy");
	begin();
	WHEN(batch_unmapped, end_child);
	CHECK(take_out() == 1 && is_out(&mm, 1) && entries_of_slot(0) == 1 && !page_count(page),
	      "the end of one space leaves the slot to the other");
}

/* The other places are still to come, so the page is in some of them and in the cache. */
static void test_walked(void)
{
	begin();
	WHEN(set_done, walk_it);
	CHECK(!page_out(&mm, AT(1)) && is_out(&mm, 1) && is_out(&child, 1) &&
		      swap_area.slot[0].page == page && page_count(page) == 2,
	      "a page that a walker gets meanwhile goes out, and stays in the cache");
	race_hook = NULL;
	put_page(page);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && touch(&child, 1, 0) == VM_FAULT_DONE &&
		      is_shared(),
	      "where both find it");
}

static void unmap_in_child(void)
{
	u32 locks = this_cpu()->locks_held;

	zap_page_range(&child, AT(1), AT(2));
	assert(this_cpu()->locks_held == locks);
}

static void test_zapped(void)
{
	begin();
	WHEN(set_done, unmap_in_child);
	CHECK(!page_out(&mm, AT(1)) && is_out(&mm, 1) && entry_none(*slot_of(&child, 1)) &&
		      entries_of_slot(0) == 1 && !page_count(page),
	      "an entry that is zapped before its turn is not counted");
}

static void test_guard(void)
{
	unsigned flushes;

	begin();
	GUARD_OFF(unmap_flush);
	flushes = model_flushes[2].count;
	CHECK(!page_out(&mm, AT(1)) && (CAP_BROADCAST_FLUSH || model_flushes[2].count == flushes),
	      "unmap_flush off: no flush of the other space");
}

int main(void)
{
	test_out();
	test_in();
	test_out_again();
	test_places();
	test_busy();
	test_errors();
	test_cache();
	test_file();
	test_owed();
	test_walked();
	test_zapped();
	test_guard();
	return tap_done();
}
