/* SPDX-License-Identifier: MIT */
/*
 * Frames and their struct page.
 *
 * A frame is free (count 0, on its zone's list, filled with poison) or owned (count > 0). Its
 * generation grows each time it is handed out, so that a stale user can be told from the new owner.
 *
 * The count is shared, so only marked accesses touch it. The other fields belong to the zone's lock
 * while the frame is free, and to its owner otherwise. So the count publishes nothing. A reader
 * with only the count to go by takes a reference and then reads nothing but an entry. Linux
 * set_page_refcounted() is a plain store as well.
 *
 * There are two zones, both bounded. ZONE_DIRECT has kernel addresses. ZONE_HIGH begins at 4 GiB
 * and reaches as far as ZONE_DIRECT does from 0. So every frame in it has a decoy in the other
 * zone, the frame at its address mod 4 GiB. All other RAM is left alone.
 */
#pragma once

#include <asm/atomic.h>
#include <asm/barrier.h>
#include <asm/page.h>

#include "kernel/wait/spinlock.h"

#ifdef ZAPWALK_LAB
#define PAGE_POISONING 1
#else
#define PAGE_POISONING 0
#endif
#define PAGE_POISON 0xdeadbea7u

struct page {
	u32 count;	/* shared, 0 if free or not ours to give */
	u32 generation; /* times handed out */
	u32 seq;	/* shared, odd while an entry of this table changes (pte_read=seq) */
	pfn_t next, prev;
};

enum zone_id {
	ZONE_DIRECT,
	ZONE_HIGH,
	NR_ZONES
};

struct zone {
	pfn_t start, nr; /* [start, start + nr) are the frames with a struct page */
	struct page *pages;
	struct spinlock lock; /* never held across a shootdown */
	pfn_t free;	      /* head of the list, PFN_NONE if empty */
	u32 nr_free;
};

#define PFN_NONE ((pfn_t)-1)

extern struct zone zones[NR_ZONES];
extern u64 ram_unreachable; /* bytes of RAM listed by the firmware and out of this CPU's reach */

/* Returns NULL for a frame outside both zones. A hole in a zone has a struct page with count 0. */
static inline struct page *pfn_to_page(pfn_t pfn)
{
	for (unsigned z = 0; z < NR_ZONES; z++) {
		pfn_t index = pfn - zones[z].start;

		if (likely(index < zones[z].nr))
			return &zones[z].pages[index];
	}
	return NULL;
}

pfn_t page_to_pfn(const struct page *page);

/* Returns nr frames in a row, or NULL if none is left. Each has count 1, next and prev PFN_NONE,
 * and undefined contents. nr is a power of two, and the first frame's number is a multiple of it.
 * The frame freed last comes first. Set prev to PFN_NONE again before a frame is given back. Call
 * with interrupts in any state, here and below. */
struct page *alloc_pages(enum zone_id zone, unsigned nr);

static inline struct page *alloc_page(enum zone_id zone)
{
	return alloc_pages(zone, 1);
}

/* Returns the frame of this number, or NULL if it is not free. */
struct page *alloc_page_at(pfn_t pfn);

/* Takes one more reference. The caller must own one already. Full order. */
static inline void get_page(struct page *page)
{
	atomic_fetch_add(&page->count, 1);
}

/* Takes a reference for a caller with no more than the frame's number. Returns false if the frame
 * is free, because a count of zero is never revived. Full order on success. */
static inline bool try_get_page(struct page *page)
{
	u32 count = READ_ONCE(page->count);

	do {
		if (unlikely(!count))
			return false;
	} while (unlikely(!atomic_try_cmpxchg(&page->count, &count, count + 1)));
	return true;
}

/* Gives a reference back. The last one frees the frame. */
void put_page(struct page *page);

static inline u32 page_count(struct page *page)
{
	return READ_ONCE(page->count);
}

/* The frame's contents, through the direct map or this CPU's window. */
void *page_map(pfn_t pfn, enum window window);

/* These two replace mm_init() on hosts with their own memory. zone_init() makes an empty zone. */
void zone_init(enum zone_id zone, pfn_t start, pfn_t end, struct page *pages);
/* Adds the non-empty range [start, end) of one zone to the front of the free list. Its frames are
 * handed out next, lowest first. */
void zone_add_frames(pfn_t start, pfn_t end);
/* Counts both zones without their locks. Exact while no other CPU takes or gives frames. */
u32 zone_free_frames(void);
