/* SPDX-License-Identifier: MIT */
/*
 * Frames and their struct page.
 *
 * A frame is free (count 0, on its zone's list, filled with poison) or somebody's (count > 0). Each
 * time it is handed out its generation grows, so that a stale user can be told from the new owner.
 * The count is shared and touched by marked accesses only; the rest belongs to the zone's lock
 * while the frame is free, and to its owner otherwise. So the count publishes nothing: who takes a
 * reference on the count's word alone reads nothing but an entry afterwards. Linux
 * set_page_refcounted(), a plain store as well.
 *
 * Two zones, both bounded: ZONE_DIRECT has kernel addresses; ZONE_HIGH begins at 4 GiB and reaches
 * as far as ZONE_DIRECT does from 0, so that every frame in it has its decoy, the frame at its
 * address mod 4 GiB, in the other zone. All other RAM is left alone.
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
	u32 count;	/* shared; 0: free, or not ours to give */
	u32 generation; /* times handed out */
	u32 seq;	/* shared: of a table, odd while an entry changes (pte_read=seq) */
	pfn_t next, prev;
};

enum zone_id {
	ZONE_DIRECT,
	ZONE_HIGH,
	NR_ZONES
};

struct zone {
	pfn_t start, nr; /* [start, start + nr): frames that have a struct page */
	struct page *pages;
	struct spinlock lock; /* never held across a shootdown */
	pfn_t free;	      /* head of the list; PFN_NONE: empty */
	u32 nr_free;
};

#define PFN_NONE ((pfn_t)-1)

extern struct zone zones[NR_ZONES];
extern u64 ram_unreachable; /* bytes of RAM that the firmware lists and this CPU cannot address */

/* NULL for a frame that is not RAM, or RAM that is left alone. */
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

/* nr frames in a row, each with count 1, next and prev PFN_NONE, and undefined contents; NULL: none
 * left. nr: a power of two, of which the first frame's number is a multiple. The frame freed last
 * comes first. prev has to be PFN_NONE again when a frame is given back. Interrupts in any state,
 * here and below. */
struct page *alloc_pages(enum zone_id zone, unsigned nr);

static inline struct page *alloc_page(enum zone_id zone)
{
	return alloc_pages(zone, 1);
}

/* That very frame; NULL if it is not free. */
struct page *alloc_page_at(pfn_t pfn);

/* A reference for whoever has one already. Full order. */
static inline void get_page(struct page *page)
{
	atomic_fetch_add(&page->count, 1);
}

/* A reference for whoever only read the frame's number somewhere: false if the frame is free. Never
 * revives a count of zero. Full order if it succeeds. */
static inline bool try_get_page(struct page *page)
{
	u32 count = READ_ONCE(page->count);

	do {
		if (unlikely(!count))
			return false;
	} while (unlikely(!atomic_try_cmpxchg(&page->count, &count, count + 1)));
	return true;
}

/* Gives a reference back; the last one frees the frame. */
void put_page(struct page *page);

static inline u32 page_count(struct page *page)
{
	return READ_ONCE(page->count);
}

/* The frame's contents, through the direct map or this CPU's window. */
void *page_map(pfn_t pfn, enum window window);

/* mm_init() for hosts that bring their own memory: an empty zone, then frames given to it. */
void zone_init(enum zone_id zone, pfn_t start, pfn_t end, struct page *pages);
/* [start, end): not empty, in one zone. Given out in this order, before what the zone has. */
void zone_add_frames(pfn_t start, pfn_t end);
/* Of both zones, read without their locks: exact while nobody else takes or gives any. */
u32 zone_free_frames(void);
