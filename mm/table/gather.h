/* SPDX-License-Identifier: MIT */
/*
 * The gather keeps zapped frames and tables until every CPU has flushed. They are released only
 * after the shootdown. The shootdown comes before the table's lock drops, so that nothing is
 * established over a translation still in use on some CPU. Linux mmu_gather, with the force_flush
 * of zap_pte_range() for every page. With the choice zap_flush=after_unlock the lock drops first,
 * as it does in Linux for anonymous pages. A dirty page of a file is flushed before the lock drops
 * all the same.
 */
#pragma once

#include "mm/page/page.h"
#include "mm/table/mm_struct.h"

#define GATHER_PAGES 128u

struct tlb_gather {
	struct mm *mm;
	bool tables;	    /* true for tables, false for data */
	vaddr_t start, end; /* cleared since the last flush, nothing if start == end */
	unsigned nr;
	struct page *pages[GATHER_PAGES]; /* each with its entry's reference */
};

/* Hold the table's lock from here until after gather_finish(). */
static inline void gather_begin(struct tlb_gather *tlb, struct mm *mm, bool tables)
{
	tlb->mm = mm;
	tlb->tables = tables;
	tlb->start = tlb->end = 0;
	tlb->nr = 0;
}

/* Notes a cleared range. All of [start, end) was present and is gone from the tables. */
void gather_range(struct tlb_gather *tlb, vaddr_t start, vaddr_t end);
/* Takes over a frame, data or table, and releases it after the flush. A full gather finishes at
 * once. */
void gather_page(struct tlb_gather *tlb, struct page *page);
/* Flushes [start, end) of a space after it was cleared there (mm/table/clear.h), and does no
 * more. */
void flush_cleared(struct mm *mm, vaddr_t start, vaddr_t end);
/* Flushes, waits and releases. For tables the wait includes every lockless walker possibly inside
 * one. With flush=sync the shootdown is that wait. */
void gather_finish(struct tlb_gather *tlb);
