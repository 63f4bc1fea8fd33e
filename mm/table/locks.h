/* SPDX-License-Identifier: MIT */
/*
 * The locks of page tables, outermost first.
 *
 * mm->page_table_lock covers the entries above the PMD tables, the list of the space's tables, and
 * mm_upgrade(). The lock of a PMD table covers its entries, and the lock of a page table covers its
 * ptes. Both are in the struct page of the table. So CPUs that work in different tables do not wait
 * for each other. Linux has page_table_lock, pmd_lockptr() and pte_lockptr().
 *
 * A table lives until free_pgtables() takes it away, and only its caller uses the range then (see
 * mm/table/zap.h). So a reader on the way to a table needs none of the locks above it.
 *
 * All of them are held across shootdowns, so take them with interrupts on.
 */
#pragma once

#include "kernel/wait/lock_order.h"
#include "kernel/wait/spinlock.h"
#include "mm/table/mm_struct.h"
#include "mm/table/pgtable.h"

static inline void lock_at(enum lock_level level, struct spinlock *lock)
{
	lock_order_enter(level);
	spin_lock(lock);
}

static inline void unlock_at(enum lock_level level, struct spinlock *lock)
{
	spin_unlock(lock);
	lock_order_leave(level);
}

static inline void tables_lock(struct mm *mm)
{
	lock_at(LOCK_TABLES, &mm->page_table_lock);
}

static inline void tables_unlock(struct mm *mm)
{
	unlock_at(LOCK_TABLES, &mm->page_table_lock);
}

/* The lock of the PMD table with this entry. A table of several frames has the first one's. */
static inline struct spinlock *pmd_lockptr(pmd_t *pmdp)
{
	pfn_t frame = (pfn_t)(virt_to_phys(pmdp) >> PAGE_SHIFT);

	return &pfn_to_page(ALIGN_DOWN(frame, table_frames(PMD_NONE)))->table_lock;
}

static inline void pmd_lock(pmd_t *pmdp)
{
	lock_at(LOCK_PMD, pmd_lockptr(pmdp));
}

static inline void pmd_unlock(pmd_t *pmdp)
{
	unlock_at(LOCK_PMD, pmd_lockptr(pmdp));
}

/* The lock of the page table with this entry, which is one frame. */
static inline struct spinlock *pte_lockptr(pte_t *ptep)
{
	return &pfn_to_page((pfn_t)(virt_to_phys(ptep) >> PAGE_SHIFT))->table_lock;
}

static inline void pte_lock(pte_t *ptep)
{
	lock_at(LOCK_PTE, pte_lockptr(ptep));
}

static inline void pte_unlock(pte_t *ptep)
{
	unlock_at(LOCK_PTE, pte_lockptr(ptep));
}

/* For fork, which holds the locks of two page tables. The child's comes before the parent's. Linux
 * copy_pte_range() takes the second with SINGLE_DEPTH_NESTING. */
static inline void pte_lock_child(pte_t *ptep)
{
	lock_at(LOCK_PTE_CHILD, pte_lockptr(ptep));
}

static inline void pte_unlock_child(pte_t *ptep)
{
	unlock_at(LOCK_PTE_CHILD, pte_lockptr(ptep));
}

/* For mremap(), which holds the locks of two page tables if an entry moves from one to another. The
 * new table's comes after the old one's. Both belong to one space, and its mmap lock is held for
 * writing, so no other CPU moves entries the other way. Linux move_ptes() takes the second with
 * SINGLE_DEPTH_NESTING. */
static inline void pte_lock_new(pte_t *ptep)
{
	lock_at(LOCK_PTE_NEW, pte_lockptr(ptep));
}

static inline void pte_unlock_new(pte_t *ptep)
{
	unlock_at(LOCK_PTE_NEW, pte_lockptr(ptep));
}
