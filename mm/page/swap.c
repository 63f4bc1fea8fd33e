/* SPDX-License-Identifier: MIT */
/* Keeps the slots of pages in swap, their store and their cache. */
#include "mm/page/swap.h"

#include "kernel/errno.h"
#include "kernel/hooks/race.h"
#include "kernel/printk.h"

struct swap_area swap_area;

static struct swap_slot *area_lock(u32 slot)
{
	assert(slot < SWAP_SLOTS);
	lock_order_enter(LOCK_SWAP);
	spin_lock(&swap_area.lock);
	return &swap_area.slot[slot];
}

static void area_unlock(void)
{
	spin_unlock(&swap_area.lock);
	lock_order_leave(LOCK_SWAP);
}

/* Returns the lowest free slot, or SWAP_SLOTS, which has the store now. */
static u32 take_free(struct page *store)
{
	struct swap_slot *first = area_lock(0);
	u32 slot = 0;

	while (slot < SWAP_SLOTS && first[slot].count)
		slot++;
	if (slot < SWAP_SLOTS) {
		first[slot].count = 1;
		first[slot].store = store;
	}
	area_unlock();
	return slot;
}

int swap_alloc(u32 *slot)
{
	struct page *store = alloc_store();

	if (!store)
		return -ENOMEM;
	*slot = take_free(store);
	if (*slot < SWAP_SLOTS)
		return 0;
	put_page(store);
	return -ENOSPC;
}

bool swap_hold(u32 slot)
{
	struct swap_slot *s = area_lock(slot);
	bool used = s->count;

	s->count += used;
	area_unlock();
	return used;
}

/* Call with the lock of the area. Returns the slot whose cache has the page, or SWAP_SLOTS. */
static u32 slot_of(const struct page *page)
{
	u32 slot = 0;

	while (slot < SWAP_SLOTS && swap_area.slot[slot].page != page)
		slot++;
	return slot;
}

bool swap_hold_cached(struct page *page, u32 *slot)
{
	struct swap_slot *first = area_lock(0);

	*slot = slot_of(page);
	if (*slot < SWAP_SLOTS)
		first[*slot].count++;
	area_unlock();
	return *slot < SWAP_SLOTS;
}

void swap_duplicate(u32 slot)
{
	struct swap_slot *s = area_lock(slot);

	assert(s->count && s->count != (u32)-1);
	s->count++;
	area_unlock();
}

/* While a variant is recorded, this is a result. The slot stays free. */
static void freed_twice(u32 slot)
{
	if (!race_recording())
		panic("slot %u of the swap area: given back twice", slot);
	race_value(swap_freed_twice, slot);
}

void swap_free(u32 slot)
{
	struct swap_slot *s = area_lock(slot);
	struct page *page = NULL, *store = NULL;

	if (!s->count)
		freed_twice(slot);
	else if (!--s->count) {
		page = s->page;
		store = s->store;
		s->page = s->store = NULL;
	}
	area_unlock();
	if (page)
		put_page(page);
	if (store)
		put_page(store);
}

bool swap_cache_add(u32 slot, struct page *page)
{
	struct swap_slot *s = area_lock(slot);
	u32 cached = slot_of(page);

	if (cached == SWAP_SLOTS) {
		assert(s->count && !s->page);
		get_page(page);
		s->page = page;
	}
	area_unlock();
	return cached == SWAP_SLOTS || cached == slot;
}

void swap_cache_drop(u32 slot, struct page *page)
{
	struct swap_slot *s = area_lock(slot);
	bool alone = page_count(page) == 2;

	if (alone)
		s->page = NULL;
	area_unlock();
	if (alone)
		put_page(page);
}

/* Returns the page in the cache, with a reference, or NULL. */
static struct page *cache_get(u32 slot)
{
	struct swap_slot *s = area_lock(slot);
	struct page *page = s->page;

	if (page)
		get_page(page);
	area_unlock();
	return page;
}

/* The slot is held, so it keeps its store. */
static void *map_store(u32 slot)
{
	return page_map(page_to_pfn(swap_area.slot[slot].store), WINDOW_B);
}

void swap_write(u32 slot, struct page *page)
{
	void *content = page_map(page_to_pfn(page), WINDOW_A);
	u32 checksum = checksum_page(content);

	race_value(checksum_done, checksum);
	copy_page(map_store(slot), content);
	swap_area.slot[slot].checksum = checksum;
}

/* While a variant is recorded, a damaged page is a result. */
static void damaged(u32 slot)
{
	if (!race_recording())
		panic("slot %u of the swap area does not have its checksum 0x%x", slot,
		      swap_area.slot[slot].checksum);
	race_value(swap_damaged, slot);
}

int swap_read(u32 slot, struct page **page)
{
	void *content;

	*page = cache_get(slot);
	if (*page)
		return 0;
	*page = alloc_page(ZONE_DIRECT);
	if (!*page)
		return -ENOMEM;
	race_value(swap_reading, slot);
	content = page_map(page_to_pfn(*page), WINDOW_A);
	copy_page(content, map_store(slot));
	if (checksum_page(content) != swap_area.slot[slot].checksum) {
		damaged(slot);
		put_page(*page);
		return -EIO;
	}
	swap_cache_add(slot, *page);
	return 0;
}
