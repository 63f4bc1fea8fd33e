/* SPDX-License-Identifier: MIT */
/*
 * The swap area has a slot for each page of anonymous memory that is out of memory, or on its way.
 * Page-table entries name slots (mm/table/swap_entry.h).
 *
 * A slot counts the entries that name it. Its page is in the store, which is a frame that nobody
 * maps, and has a checksum. While the page is in memory as well, the swap cache has it by the slot.
 * So all entries of a slot get one page, and it does not matter which of them is faulted in first.
 * With its last entry a slot becomes free, and its page leaves the cache and the store. Linux
 * swap_map, swap_cache_get_folio().
 *
 * A slot has a page lock, which comes where files have theirs (kernel/wait/lock_order.h). Under
 * this lock a page is put into the cache and taken out, and the store is read and written. So a
 * fault waits until a page-out is done. A slot can become free while another CPU has its page lock.
 * The next user of the slot waits for this lock before the slot gets a new page.
 *
 * The lock of the area covers the counts. It is an inner lock and never held across a shootdown, so
 * a zap can give slots back under the lock of a page table. The area lies in this room because zap
 * needs its counts.
 */
#pragma once

#include "kernel/wait/lock_order.h"
#include "kernel/wait/spinlock.h"
#include "mm/page/page.h"

struct swap_slot {
	struct spinlock lock;
	u32 checksum; /* of what is in the store. Under this lock, the page lock */
	/* Under the lock of the area from here on. */
	u32 count;	    /* the entries, and one for each holder. 0 if free */
	struct page *page;  /* the cache, with a reference, or NULL */
	struct page *store; /* NULL if free */
};

struct swap_area {
	struct spinlock lock;
	struct swap_slot slot[SWAP_SLOTS];
};

/* For this file, and for those who look at it while nobody uses it. */
extern struct swap_area swap_area;

/* Finds a free slot with room in the store. It is held, so the caller calls swap_free(). Returns 0,
 * -ENOSPC if all slots are in use, or -ENOMEM. Linux get_swap_page(). */
int swap_alloc(u32 *slot);
/* Holds the slot, as an entry does. Returns false if it is free. */
bool swap_hold(u32 slot);
/* Finds the slot with this page in its cache and holds it, so the page stays there. Returns false
 * if no slot has it. The caller has a reference on the page. Linux folio->swap. */
bool swap_hold_cached(struct page *page, u32 *slot);
/* One more entry names the slot. The caller has one, or holds it. Linux swap_duplicate(). */
void swap_duplicate(u32 slot);
/* One entry less, or the caller holds the slot no more. Linux swap_free(). */
void swap_free(u32 slot);

static inline void swap_page_lock(u32 slot)
{
	lock_order_enter(LOCK_PAGE);
	spin_lock(&swap_area.slot[slot].lock);
}

static inline void swap_page_unlock(u32 slot)
{
	spin_unlock(&swap_area.slot[slot].lock);
	lock_order_leave(LOCK_PAGE);
}

/* Call the rest with the page lock, and hold the slot. */

/* Puts the page into the cache, with one more reference, if it is not there yet. Returns false if
 * another slot has the page. Linux add_to_swap_cache(). */
bool swap_cache_add(u32 slot, struct page *page);
/* Takes the page out again if nobody has it but the cache and the caller, so that its frame becomes
 * free with the caller's reference. Linux __remove_mapping(). */
void swap_cache_drop(u32 slot, struct page *page);
/* Writes the page to the store, with its checksum. No CPU stores to it. */
void swap_write(u32 slot, struct page *page);
/* Gives the page of the slot, with a reference. If it is not in the cache, it is read from the
 * store and put there. Returns 0, -ENOMEM, or -EIO if its checksum is wrong. Linux
 * swapin_readahead(). */
int swap_read(u32 slot, struct page **page);
