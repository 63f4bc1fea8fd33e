/* SPDX-License-Identifier: MIT */
/*
 * The gather: what a zap took away, kept until every CPU has flushed. Frames and tables are
 * released only after the shootdown, and the shootdown comes before the page-table lock drops, so
 * that nothing is established over a translation that some CPU still uses. Linux mmu_gather, with
 * the force_flush of zap_pte_range() for every page.
 */
#pragma once

#include "mm/page/page.h"
#include "mm/table/mm_struct.h"

#define GATHER_PAGES 128u

struct tlb_gather {
	struct mm *mm;
	bool tables;	    /* what is gathered are tables, else data */
	vaddr_t start, end; /* of what was cleared since the last flush; start == end: nothing */
	unsigned nr;
	struct page *pages[GATHER_PAGES]; /* each with the reference that its entry had */
};

/* The page-table lock is held from here to after gather_finish(). */
static inline void gather_begin(struct tlb_gather *tlb, struct mm *mm, bool tables)
{
	tlb->mm = mm;
	tlb->tables = tables;
	tlb->start = tlb->end = 0;
	tlb->nr = 0;
}

/* [start, end) was present and is gone from the tables. */
void gather_range(struct tlb_gather *tlb, vaddr_t start, vaddr_t end);
/* Release this frame, data or table, once that is flushed. Flushes itself when it is full. */
void gather_page(struct tlb_gather *tlb, struct page *page);
/* The flush alone, of [start, end) that was cleared in a space (mm/table/clear.h). */
void flush_cleared(struct mm *mm, vaddr_t start, vaddr_t end);
/* Flush, wait, release. For tables the wait includes every lockless walker that may be inside one;
 * with flush=sync the shootdown is that wait. */
void gather_finish(struct tlb_gather *tlb);
