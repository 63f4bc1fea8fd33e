/* SPDX-License-Identifier: MIT */
/* Tests page_out_range(): one flush for many pages, and faults and zaps before this flush. */
#include "mm/fault/vm_fault.h"
#include "mm/page/swap.h"
#include "mm/space/page_out.h"
#include "mm/table/swap_entry.h"
#include "tests/self/unit/mappings.h"

#define WORD_AT(at) (0x50a0u + (at))
#define NR	 3u /* pages with words, and the mapping has one more */

static u32 baseline; /* free frames with nothing mapped */

static pte_t *slot_of(unsigned at)
{
	return pte_lookup(&mm, AT(at));
}

static u32 first_word(struct page *page)
{
	return *(u32 *)page_map(page_to_pfn(page), WINDOW_A);
}

static bool is_out(unsigned at)
{
	pte_t pte = *slot_of(at);

	return pte_is_swap(pte) && !swap_area.slot[pte_swap_slot(pte)].page &&
	       first_word(swap_area.slot[pte_swap_slot(pte)].store) == WORD_AT(at);
}

static bool is_in(unsigned at)
{
	pte_t pte = *slot_of(at);

	return entry_present(pte) && first_word(pfn_to_page(entry_pfn(pte))) == WORD_AT(at);
}

static bool touch(unsigned at, u32 cause)
{
	struct fault fault = {.address = AT(at), .cause = FAULT_USER | cause};

	return handle_mm_fault(&mm, &fault) == VM_FAULT_DONE;
}

static u32 slots_in_use(void)
{
	u32 used = 0;

	for (u32 slot = 0; slot < SWAP_SLOTS; slot++)
		used += swap_area.slot[slot].count != 0;
	return used;
}

/* Whether so many pages are mapped, and all other frames are free but those of the store. */
static bool mapped_are(u32 pages)
{
	return zone_free_frames() == baseline - pages - slots_in_use();
}

/* The space is loaded here and on CPU 1. */
static void begin(void)
{
	race_hook = NULL;
	fresh();
	mm_switch(&mm);
	load_on(1, &mm);
	map(0, NR + 1, RW);
	assert(pte_alloc(&mm, AT(0)));
	baseline = zone_free_frames();
	for (unsigned at = 0; at < NR; at++) {
		assert(touch(at, FAULT_WRITE));
		fill_page(page_map(entry_pfn(*slot_of(at)), WINDOW_A), WORD_AT(at));
	}
}

static u32 take_out(void)
{
	return page_out_range(&mm, AT(0), AT(NR + 1));
}

static void test_range(void)
{
	unsigned flushes;

	begin();
	flushes = model_flushes[1].count;
	CHECK(take_out() == NR && is_out(0) && is_out(1) && is_out(2), "three pages go out");
	CHECK(entry_none(*slot_of(3)), "and the slot of the fourth is empty as before");
	CHECK(CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes + 1, "with one flush");
	CHECK(slots_in_use() == NR && swap_area.slot[0].count == 1 && mapped_are(0),
	      "their slots are the entries', and their frames are free");
	CHECK(!take_out(), "they go out once");
	CHECK(!this_cpu()->locks_held && !mm.mmap_lock.readers, "no lock is left");
	CHECK(touch(0, 0) && touch(1, 0) && touch(2, 0) && is_in(0) && is_in(1) && is_in(2) &&
		      !slots_in_use() && mapped_are(NR),
	      "and they come back");
}

static void test_left(void)
{
	struct page *page;

	begin();
	page = pfn_to_page(entry_pfn(*slot_of(1)));
	get_page(page);
	CHECK(take_out() == 2 && is_out(0) && is_in(1) && is_out(2) && page_count(page) == 2,
	      "a page with another user stays, and the others go");
	put_page(page);
	begin();
	for (u32 slot = 1; slot < SWAP_SLOTS; slot++)
		swap_area.slot[slot].count = 1;
	CHECK(take_out() == 1 && is_out(0) && is_in(1) && is_in(2) &&
		      page_count(pfn_to_page(entry_pfn(*slot_of(1)))) == 1,
	      "with one slot left one goes, and no reference is left");
	for (u32 slot = 1; slot < SWAP_SLOTS; slot++)
		swap_area.slot[slot].count = 0;
}

static void (*then)(void);
static unsigned written; /* pages, after that */

static void count_written(const struct race_site *site, u64 value)
{
	(void)value;
	written += site->point == RACE_checksum_done;
}

static void when_unmapped(const struct race_site *site, u64 value)
{
	if (site->point != RACE_batch_unmapped)
		return;
	written = 0;
	race_hook = count_written;
	CHECK(value == NR, "the pages are in no entry");
	then();
}

static void fault_in(void)
{
	CHECK(touch(0, 0) && is_in(0) && !pte_access_permitted(*slot_of(0), true),
	      "a fault finds the page in the cache, read-only");
	CHECK(CAP_BROADCAST_FLUSH || (mm.batched == NR && mm.settled == NR),
	      "after the flush that was owed");
}

static void unmap_it(void)
{
	assert(!do_munmap(&mm, AT(0), PAGES(1)));
}

static void test_meanwhile(void)
{
	begin();
	then = fault_in;
	race_hook = when_unmapped;
	CHECK(take_out() == NR && is_in(0) && is_out(1) && is_out(2),
	      "so it stays, and the others go");
	CHECK(slots_in_use() == 2 && mapped_are(1) && written == 2,
	      "and its slot is free, and it was not written");
	begin();
	then = unmap_it;
	race_hook = when_unmapped;
	CHECK(take_out() == NR && is_out(1) && slots_in_use() == 2 && mapped_are(0),
	      "a page that is unmapped meanwhile leaves nothing behind");
}

static void test_guard(void)
{
	unsigned flushes;

	begin();
	GUARD_OFF(unmap_flush);
	flushes = model_flushes[1].count;
	CHECK(take_out() == NR && (CAP_BROADCAST_FLUSH || model_flushes[1].count == flushes),
	      "unmap_flush off: no flush");
}

int main(void)
{
	test_range();
	test_left();
	test_meanwhile();
	test_guard();
	return tap_done();
}
