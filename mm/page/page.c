/* SPDX-License-Identifier: MIT */
/* Allocates frames, counts references on them, and checks that free ones stay untouched. */
#include "mm/page/page.h"

#include "kernel/hooks/inject.h"
#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "kernel/wait/lock_order.h"

struct zone zones[NR_ZONES];

static struct zone *zone_of(pfn_t pfn)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (pfn - zones[z].start < zones[z].nr)
			return &zones[z];
	panic("pfn 0x%x is in no zone", pfn);
}

/* The record is written with interrupts off, because a handler may take the lock too. */
static u32 zone_lock(struct zone *zone)
{
	u32 flags = spin_lock_irq(&zone->lock);

	lock_order_enter(LOCK_ZONE);
	return flags;
}

static void zone_unlock(struct zone *zone, u32 flags)
{
	lock_order_leave(LOCK_ZONE);
	spin_unlock_irq(&zone->lock, flags);
}

static struct page *zone_page(struct zone *zone, pfn_t pfn)
{
	return &zone->pages[pfn - zone->start];
}

pfn_t page_to_pfn(const struct page *page)
{
	for (unsigned z = 0; z < NR_ZONES; z++)
		if (page >= zones[z].pages && page < zones[z].pages + zones[z].nr)
			return zones[z].start + (pfn_t)(page - zones[z].pages);
	panic("not a struct page: 0x%lx", (unsigned long)page);
}

void *page_map(pfn_t pfn, enum window window)
{
	paddr_t pa = (paddr_t)pfn << PAGE_SHIFT;

	return pa < direct_map_end() ? phys_to_virt(pa) : window_map(window, pfn);
}

/* A changed word means a write to the frame after it was freed, so the frame is named. While a
 * variant is recorded, this is a result and no panic. */
static void check_poison(pfn_t pfn)
{
	const u32 *word = page_map(pfn, WINDOW_ALLOCATOR);

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++) {
		if (word[i] == PAGE_POISON)
			continue;
		if (!race_recording())
			panic("frame 0x%x was written while free: word %u is 0x%x", pfn, i,
			      word[i]);
		race_value(page_written_free, pfn);
		return;
	}
}

/* The frame's prev is already PFN_NONE, because free_page() did not find it on a list. */
static void list_add(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	page->next = zone->free;
	if (zone->free != PFN_NONE)
		zone_page(zone, zone->free)->prev = pfn;
	zone->free = pfn;
	zone->nr_free++;
}

static void list_remove(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	if (page->prev == PFN_NONE)
		zone->free = page->next;
	else
		zone_page(zone, page->prev)->next = page->next;
	if (page->next != PFN_NONE)
		zone_page(zone, page->next)->prev = page->prev;
	zone->nr_free--;
}

static bool is_listed(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	return !READ_ONCE(page->count) && (page->prev != PFN_NONE || zone->free == pfn);
}

/* Call with the zone's lock held and pfn on its list. */
static struct page *take(struct zone *zone, pfn_t pfn)
{
	struct page *page = zone_page(zone, pfn);

	list_remove(zone, pfn);
	if (PAGE_POISONING && page->generation)
		check_poison(pfn);
	page->generation++;
	page->next = page->prev = PFN_NONE;
	WRITE_ONCE(page->count, 1);
	return page;
}

/* Call with the zone's lock held and pfn in the zone. The zone must have at least nr frames. */
static bool are_listed(struct zone *zone, pfn_t pfn, unsigned nr)
{
	if (pfn % nr || pfn - zone->start > zone->nr - nr)
		return false;
	for (unsigned i = 0; i < nr; i++)
		if (!is_listed(zone, pfn + i))
			return false;
	return true;
}

/* Call with the zone's lock held. Tries the frame freed last first. */
static struct page *take_row(struct zone *zone, unsigned nr)
{
	for (pfn_t pfn = zone->free; pfn != PFN_NONE; pfn = zone_page(zone, pfn)->next) {
		if (!are_listed(zone, pfn, nr))
			continue;
		for (unsigned i = 0; i < nr; i++)
			take(zone, pfn + i);
		return zone_page(zone, pfn);
	}
	return NULL;
}

struct page *alloc_pages(enum zone_id id, unsigned nr)
{
	struct zone *zone = &zones[id];
	struct page *page;
	u32 flags;

	if (inject_oom((vaddr_t)__builtin_return_address(0) - 1))
		return NULL;
	flags = zone_lock(zone);
	page = nr <= zone->nr_free ? take_row(zone, nr) : NULL;
	zone_unlock(zone, flags);
	return page;
}

struct page *alloc_page_at(pfn_t pfn)
{
	struct page *page = NULL;
	struct zone *zone;
	u32 flags;

	if (!pfn_to_page(pfn))
		return NULL;
	zone = zone_of(pfn);
	flags = zone_lock(zone);
	if (is_listed(zone, pfn))
		page = take(zone, pfn);
	zone_unlock(zone, flags);
	return page;
}

/* While a variant is recorded, this is a result. The list stays sound, because the frame is not
 * added again. */
static void freed_twice(pfn_t pfn)
{
	if (!race_recording())
		panic("frame 0x%x: freed twice", pfn);
	race_value(page_freed_twice, pfn);
}

static void free_page(pfn_t pfn)
{
	struct zone *zone = zone_of(pfn);
	u32 flags;

	if (PAGE_POISONING)
		fill_page(page_map(pfn, WINDOW_ALLOCATOR), PAGE_POISON);
	flags = zone_lock(zone);
	if (is_listed(zone, pfn))
		freed_twice(pfn);
	else
		list_add(zone, pfn);
	zone_unlock(zone, flags);
}

void put_page(struct page *page)
{
	u32 count = atomic_fetch_add(&page->count, (u32)-1);

	if (!count)
		panic("frame 0x%x: reference given back twice", page_to_pfn(page));
	if (count == 1)
		free_page(page_to_pfn(page));
}

void zone_init(enum zone_id id, pfn_t start, pfn_t end, struct page *pages)
{
	zones[id] =
		(struct zone){.start = start, .nr = end - start, .pages = pages, .free = PFN_NONE};
	for (pfn_t i = 0; i < end - start; i++)
		pages[i] = (struct page){.next = PFN_NONE, .prev = PFN_NONE};
}

void zone_add_frames(pfn_t start, pfn_t end)
{
	struct zone *zone = zone_of(start);
	struct page *page = zone_page(zone, start);

	for (pfn_t pfn = start; pfn != end; pfn++, page++) {
		page->prev = pfn - 1;
		page->next = pfn + 1;
	}
	zone_page(zone, start)->prev = PFN_NONE;
	zone_page(zone, end - 1)->next = zone->free;
	if (zone->free != PFN_NONE)
		zone_page(zone, zone->free)->prev = end - 1;
	zone->free = start;
	zone->nr_free += end - start;
}

u32 zone_free_frames(void)
{
	return zones[ZONE_DIRECT].nr_free + zones[ZONE_HIGH].nr_free;
}
