/* SPDX-License-Identifier: MIT */
/* Tests the swap area, pages on their way out and back, and what spaces do with swap entries. */
#include "mm/gup/gup.h"
#include "tests/self/unit/swapped.h"

/* A page with a word, which the space has loaded here and on CPU 1, and which is out. */
static void begin(void)
{
	fresh();
	mm_switch(&mm);
	load_on(1, &mm);
	map(0, 4, RW);
	assert(pte_alloc(&mm, AT(0)));
	baseline = zone_free_frames();
	store(&mm, 1, WORD);
}

static void begin_out(void)
{
	begin();
	assert(!page_out(&mm, AT(1)));
}

/* No frame of the parent's is in use but one page. */
static bool one_page_is_left(void)
{
	return !swap_used() && zone_free_frames() == baseline - 1;
}

static void test_out_and_in(void)
{
	struct page *page;
	unsigned flushes;

	begin();
	page = page_of(&mm, 1);
	flushes = model_flushes[1].count;
	CHECK(!page_out(&mm, AT(1) + 4) && is_out(&mm, 1) && !page_count(page),
	      "a page goes out, and its frame is free");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes + 1,
	      "every CPU has flushed");
	CHECK(swap_used() == 1 && entries_of_slot(0) == 1 && !swap_area.slot[0].page &&
		      words_of(swap_area.slot[0].store)[0] == WORD,
	      "its slot has one entry, and the word in the store alone");
	CHECK(page_out(&mm, AT(1)) == -EFAULT, "it goes out once");
	CHECK(!gup_fast(AT(1), 1, 0, &page), "no walker gets it there");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && has(&mm, 1, WORD) && !is_writable(&mm, 1) &&
		      page_count(page_of(&mm, 1)) == 1 && one_page_is_left(),
	      "a load brings it back, read-only, and the slot is free");
	CHECK(!page_out(&mm, AT(1)) && touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE &&
		      has(&mm, 1, WORD) && is_writable(&mm, 1) && one_page_is_left(),
	      "and a store brings it back writable");
	CHECK(!this_cpu()->locks_held && !mm.mmap_lock.readers, "no lock is left");
}

static void test_unmapped(void)
{
	begin_out();
	do_munmap(&mm, AT(1), PAGES(1));
	CHECK(entry_none(*slot_of(&mm, 1)) && !swap_used(), "munmap() gives the slot back");
	store(&mm, 2, WORD);
	assert(!page_out(&mm, AT(2)));
	do_madvise(&mm, AT(2), PAGES(1), MADV_DONTNEED);
	CHECK(!swap_used() && zone_free_frames() == baseline, "so does MADV_DONTNEED");
	CHECK(touch(&mm, 2, 0) == VM_FAULT_DONE && is_zero_pfn(entry_pfn(*slot_of(&mm, 2))),
	      "and the next load finds zeros");
}

static void test_changed(void)
{
	begin_out();
	do_mprotect(&mm, AT(1), PAGES(1), PROT_READ);
	CHECK(is_out(&mm, 1), "mprotect() leaves the entry");
	CHECK(touch(&mm, 1, FAULT_WRITE) == VM_FAULT_SIGSEGV && is_out(&mm, 1),
	      "a store that is not permitted any more is refused");
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && has(&mm, 1, WORD) && !is_writable(&mm, 1),
	      "and a load brings the page back");
	begin_out();
	do_mremap(&mm, AT(1), PAGES(1), PAGES(1), MREMAP_MAYMOVE | MREMAP_FIXED, AT(9));
	CHECK(entry_none(*slot_of(&mm, 1)) && is_out(&mm, 9) && entries_of_slot(0) == 1,
	      "mremap() takes the entry along");
	CHECK(touch(&mm, 9, 0) == VM_FAULT_DONE && has(&mm, 9, WORD), "and the page is there");
}

static void test_forked(void)
{
	begin_out();
	assert(!dup_mm(&child, &mm));
	CHECK(is_out(&child, 1) && entries_of_slot(0) == 2, "a fork is one more entry of the slot");
	CHECK(touch(&child, 1, FAULT_WRITE) == VM_FAULT_DONE && has(&child, 1, WORD) &&
		      !is_writable(&child, 1) && is_out(&mm, 1) && entries_of_slot(0) == 1,
	      "a store finds the page read-only, because the other entry will want it");
	CHECK(swap_area.slot[0].page == page_of(&child, 1), "which then finds it in the cache");
	store(&child, 1, 7);
	CHECK(touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && has(&mm, 1, WORD) &&
		      has(&child, 1, 7) && is_writable(&mm, 1) && !swap_used(),
	      "the store goes to a copy, and the last entry gets the page for itself");
	mm_destroy(&child);
	CHECK(one_page_is_left(), "no frame is left");
	begin_out();
	assert(!dup_mm(&child, &mm));
	assert(touch(&child, 1, 0) == VM_FAULT_DONE && touch(&mm, 1, 0) == VM_FAULT_DONE);
	CHECK(page_of(&child, 1) == page_of(&mm, 1) && page_count(page_of(&mm, 1)) == 2 &&
		      !swap_used(),
	      "two loads share the page");
	mm_destroy(&child);
	begin_out();
	assert(!dup_mm(&child, &mm));
	mm_destroy(&child);
	CHECK(is_out(&mm, 1) && entries_of_slot(0) == 1, "the end of a space gives slots back");
	assert(!dup_mm(&child, &mm) && touch(&child, 1, 0) == VM_FAULT_DONE);
	do_munmap(&mm, AT(1), PAGES(1));
	CHECK(!swap_used() && page_count(page_of(&child, 1)) == 1,
	      "with the last entry the page leaves the cache");
	mm_destroy(&child);
}

static void test_full(void)
{
	begin();
	for (unsigned i = 0; i < SWAP_SLOTS; i++)
		assert(!swap_alloc(&(u32){0}));
	CHECK(page_out(&mm, AT(1)) == -ENOSPC && has(&mm, 1, WORD) && is_writable(&mm, 1) &&
		      page_count(page_of(&mm, 1)) == 1,
	      "in a full area there is no slot, and the page stays");
	swap_free(SWAP_SLOTS - 1);
	CHECK(!page_out(&mm, AT(1)) && pte_swap_slot(*slot_of(&mm, 1)) == SWAP_SLOTS - 1 &&
		      swap_used() == SWAP_SLOTS && touch(&mm, 1, 0) == VM_FAULT_DONE &&
		      has(&mm, 1, WORD),
	      "the last slot is one as well");
}

static void test_errors(void)
{
	struct page *page;

	begin();
	CHECK(page_out(&mm, AT(9)) == -EFAULT && page_out(&mm, AT(2)) == -EFAULT,
	      "no mapping, and no page");
	touch(&mm, 2, 0);
	CHECK(page_out(&mm, AT(2)) == -EFAULT, "nor the zero page");
	page = page_of(&mm, 1);
	get_page(page);
	CHECK(page_out(&mm, AT(1)) == -EBUSY && page_count(page) == 2 && !swap_used(),
	      "a page with another user");
	put_page(page);
	do_mmap(&mm, AT(6), PAGES(1), RW, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED);
	touch(&mm, 6, FAULT_WRITE);
	CHECK(page_out(&mm, AT(6)) == -EINVAL, "a page of a file");
	get_page(page);
	assert(install_special_mapping(&mm, AT(8), mk_pte(page_to_pfn(page), PTE_USER), VM_READ));
	CHECK(page_out(&mm, AT(8)) == -EPERM, "the kernel's own page");
	CHECK(PANICS((swap_alloc(&(u32){0}), swap_free(0), swap_free(0))) &&
		      panic_says("given back twice"),
	      "a slot is given back once");
}

/* Takes all frames but `free`. */
static void take_all_but(unsigned free)
{
	while (zone_free_frames() > free)
		if (!alloc_page(ZONE_DIRECT))
			assert(alloc_page(ZONE_HIGH));
}

static void test_too_little_memory(void)
{
	begin();
	take_all_but(0);
	CHECK(page_out(&mm, AT(1)) == -ENOMEM && has(&mm, 1, WORD) && !swap_used(),
	      "no memory for the store: the page stays");
	begin_out();
	take_all_but(0);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_OOM && is_out(&mm, 1) && entries_of_slot(0) == 1,
	      "nor for the page: it stays out");
}

/* --- races ---------------------------------------------------------------------------------- */

static enum race_point awaited;
static void (*then)(void);

static void once(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point != awaited || !then)
		return;
	awaited = NR_RACES;
	AS_CPU(1, then());
}

#define WHEN(point, what)                                                                          \
	do {                                                                                       \
		awaited = RACE_##point;                                                            \
		then = (what);                                                                     \
		race_hook = once;                                                                  \
	} while (0)

static void zap_it(void)
{
	u32 locks = this_cpu()->locks_held;

	zap_page_range(&mm, AT(1), AT(2));
	assert(this_cpu()->locks_held == locks);
}

static void damage_it(void)
{
	words_of(swap_area.slot[0].store)[0]++;
}

static struct page *walked;

static void walk_it(void)
{
	get_page(walked);
}

static void test_races(void)
{
	begin_out();
	WHEN(swap_reading, zap_it);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && entry_none(*slot_of(&mm, 1)) && !swap_used() &&
		      zone_free_frames() == baseline,
	      "a slot that is freed while it is read gives no page, and leaks none");
	begin_out();
	WHEN(fault_unlocked, zap_it);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && entry_none(*slot_of(&mm, 1)) && !swap_used() &&
		      zone_free_frames() == baseline,
	      "nor does one that is freed after it was read");
	begin();
	WHEN(checksum_done, zap_it);
	CHECK(!page_out(&mm, AT(1)) && entry_none(*slot_of(&mm, 1)) && !swap_used() &&
		      zone_free_frames() == baseline,
	      "nor one that is freed before it was written");
	begin();
	walked = page_of(&mm, 1);
	WHEN(set_done, walk_it);
	CHECK(!page_out(&mm, AT(1)) && swap_area.slot[0].page == walked &&
		      touch(&mm, 1, FAULT_WRITE) == VM_FAULT_DONE && page_of(&mm, 1) == walked &&
		      !is_writable(&mm, 1) && !swap_used(),
	      "a page that a walker got meanwhile stays in the cache");
	put_page(walked);
}

static bool driver_has_it;

/* A driver gets the page just before its entry is gone, and has it until the page is written. */
static void store_and_put(const struct race_site *site, u64 value)
{
	(void)value;
	if (site->point == RACE_set_done && !driver_has_it) {
		get_page(walked);
		driver_has_it = true;
	}
	if (site->point == RACE_checksum_done) {
		words_of(walked)[0] = WORD + 1;
		put_page(walked);
	}
}

static void test_late_store(void)
{
	begin();
	walked = page_of(&mm, 1);
	driver_has_it = false;
	race_hook = store_and_put;
	CHECK(!page_out(&mm, AT(1)) && driver_has_it && swap_area.slot[0].page == walked &&
		      page_count(walked) == 2,
	      "a page that a driver may store to is not written");
	race_hook = NULL;
	words_of(walked)[0] = WORD + 1;
	put_page(walked);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_DONE && has(&mm, 1, WORD + 1) && one_page_is_left(),
	      "and comes back with the store");
}

static void test_damage(void)
{
	begin_out();
	damage_it();
	CHECK(PANICS(touch(&mm, 1, 0)) && panic_says("does not have its checksum"),
	      "a damaged page stops the machine");
	begin_out();
	damage_it();
	WHEN(role_done, NULL);
	CHECK(touch(&mm, 1, 0) == VM_FAULT_SIGBUS && is_out(&mm, 1) && entries_of_slot(0) == 1,
	      "and is a bad access while a variant is recorded");
}

static void test_guard(void)
{
	unsigned flushes;

	begin();
	GUARD_OFF(unmap_flush);
	flushes = model_flushes[1].count;
	CHECK(!page_out(&mm, AT(1)) && (CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes),
	      "unmap_flush off: no flush");
}

int main(void)
{
	test_out_and_in();
	test_unmapped();
	test_changed();
	test_forked();
	test_full();
	test_errors();
	test_too_little_memory();
	test_races();
	test_late_store();
	test_damage();
	test_guard();
	return tap_done();
}
