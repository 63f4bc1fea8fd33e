/* SPDX-License-Identifier: MIT */
/*
 * Frames and their struct page.
 *
 * A frame is free (count 0, filled with poison) or owned (count > 0). Its generation grows each
 * time it is handed out, so that a stale user can be told from the new owner. A free frame is on
 * its zone's list, or a CPU keeps it for itself. So most allocations and frees need only the lock
 * of what their own CPU keeps. Linux has struct per_cpu_pages.
 *
 * The count is shared, so only marked accesses touch it. The other fields belong to the zone's lock
 * while the frame is on the list, to the lock of the CPU's frames while a CPU keeps it, and to the
 * frame's owner otherwise. So the count publishes nothing. A reader with only the count to go by
 * takes a reference and then reads nothing but an entry. Linux set_page_refcounted() is a plain
 * store as well.
 *
 * A page that programs map belongs to an object (mm/object/object.h), by which all its mappings are
 * found. Who makes the page writes both fields before anybody else can find it. A page that leaves
 * its file belongs to nothing from then on, and so does a free frame. The object is there as long
 * as a space maps the page. Somebody with a reference alone may not follow the pointer. Linux
 * folio->mapping, folio->index.
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
	bool no_longterm; /* the frame may not be kept for long, see page_forbid_longterm() */
	u32 seq;	/* shared, odd while an entry of this table changes (pte_read=seq) */
	struct spinlock table_lock; /* of the entries of this table, see mm/table/locks.h */
	pfn_t next, prev;	    /* of a free frame see below, otherwise its owner's */
	struct object *object;	    /* shared, what a program's page belongs to, NULL if free */
	u32 index;		    /* its number there */
	u32 file_dirty;		    /* shared, the physical address of its file's mark that it is
				       dirty, 0 if it is no page of a file */
};

enum zone_id {
	ZONE_DIRECT,
	ZONE_HIGH,
	NR_ZONES
};

/* Free frames that a CPU keeps, each with prev PFN_KEPT. */
struct pcp {
	struct spinlock lock; /* taken with interrupts off, before the zone's */
	u32 nr;
	pfn_t frame[PCP_MOST]; /* the one freed last is the last */
} __aligned(64);

struct zone {
	pfn_t start, nr; /* [start, start + nr) are the frames with a struct page */
	struct page *pages;
	struct spinlock lock; /* never held across a shootdown */
	pfn_t free;	      /* head of the list, PFN_NONE if empty */
	u32 nr_free;	      /* of these */
	struct pcp pcp[MAX_CPUS];
};

#define PFN_NONE ((pfn_t)-1)
/* In place of prev, for the first frame on a zone's list and for one that a CPU keeps. */
#define PFN_HEAD ((pfn_t)-2)
#define PFN_KEPT ((pfn_t)-3)

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
 * The frame freed last by this CPU comes first. Set prev to PFN_NONE again before a frame is given
 * back. Call with interrupts in any state, here and below. Before it gives up, it takes back the
 * frames that all CPUs keep. */
struct page *alloc_pages(enum zone_id zone, unsigned nr);

static inline struct page *alloc_page(enum zone_id zone)
{
	return alloc_pages(zone, 1);
}

/* Returns a frame of the store of a file or of the swap area, with undefined contents, or NULL if
 * out of memory. Where there is memory above 4 GiB, the store lies there. */
static inline struct page *alloc_store(void)
{
	struct page *store = alloc_page(ZONE_HIGH);

	return store ? store : alloc_page(ZONE_DIRECT);
}

/*
 * The memory of some frames may be taken out of the machine, or be needed in one piece. Their pages
 * must be able to move, so nobody may keep a reference on them for long. A page that is needed for
 * long moves out of such a frame first (mm/space/migrate.h). This marks a frame so, or takes the
 * mark back. The frame keeps its mark when it is freed. Linux ZONE_MOVABLE, MIGRATE_CMA.
 */
static inline void page_forbid_longterm(struct page *page, bool forbidden)
{
	WRITE_ONCE(page->no_longterm, forbidden);
}

static inline bool page_allows_longterm(const struct page *page)
{
	return !READ_ONCE(page->no_longterm);
}

/* Returns a frame of the direct zone that may be kept for long, as alloc_page() does. */
struct page *alloc_page_longterm(void);

/* Returns the frame of this number, or NULL if it is not free. Looks at the frames that CPUs keep
 * too. */
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

/* From here on the page belongs to a file, which keeps its mark in the direct map. With NULL it
 * belongs to none. */
static inline void page_set_file(struct page *page, bool *dirty)
{
	WRITE_ONCE(page->file_dirty, dirty ? (u32)virt_to_phys(dirty) : 0);
}

static inline bool page_is_of_file(const struct page *page)
{
	return READ_ONCE(page->file_dirty);
}

/* Marks a page of a file dirty and returns true. Returns false if it is no page of a file. Call
 * with the lock of a table that has an entry of the page, or had it until now. A page leaves its
 * file only behind all its entries, so it is in the file then. Linux folio_mark_dirty(). */
static inline bool mark_page_dirty(struct page *page)
{
	u32 mark = READ_ONCE(page->file_dirty);

	if (mark)
		WRITE_ONCE(*(bool *)phys_to_virt(mark), true);
	return mark;
}

static inline u32 page_count(struct page *page)
{
	return READ_ONCE(page->count);
}

/* Takes all `count` references of a page, which must be the caller's. Nobody gets one until
 * page_unfreeze(). Returns false, with nothing done, if there is another reference. Full order on
 * success. Linux folio_ref_freeze(). */
static inline bool page_freeze(struct page *page, u32 count)
{
	return atomic_try_cmpxchg(&page->count, &count, 0);
}

/* Gives them back. Linux folio_ref_unfreeze(). */
static inline void page_unfreeze(struct page *page, u32 count)
{
	smp_store_release(&page->count, count);
}

/* The frame's contents, through the direct map or this CPU's window. */
void *page_map(pfn_t pfn, enum window window);

/* Uses WINDOW_A of this CPU. */
static inline u32 page_checksum(const struct page *page)
{
	return checksum_page(page_map(page_to_pfn(page), WINDOW_A));
}

/* These two replace mm_init() on hosts with their own memory. zone_init() makes an empty zone. */
void zone_init(enum zone_id zone, pfn_t start, pfn_t end, struct page *pages);
/* Adds the non-empty range [start, end) of one zone to the front of the free list. Its frames are
 * handed out next, lowest first. */
void zone_add_frames(pfn_t start, pfn_t end);
/* Gives the frames that CPUs keep back to their zones. */
void pcp_drain_all(void);
/* Counts both zones and what CPUs keep, without a lock. Exact while no other CPU takes or gives
 * frames. */
u32 zone_free_frames(void);
