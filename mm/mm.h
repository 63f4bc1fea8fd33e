/* SPDX-License-Identifier: MIT */
/*
 * An address space: a tree of tables, the CPUs that have it loaded, one page-table lock.
 */
#pragma once

#include <asm/pgtable.h>

#include "kernel/wait/spinlock.h"

struct mm {
	pgd_t *pgd;		   /* shared: mm_upgrade() changes it, under the lock */
	cpumask_t cpumask;	   /* shared: CPUs that use translations of this space */
	cpumask_t cpu_attach_mask; /* shared: those, and the lazy ones: all that have its root */
	struct spinlock page_table_lock; /* held across shootdowns: taken with interrupts on */
	pfn_t tables;			 /* list of the frames that are tables; under the lock */
	cpumask_t clearing;		 /* shared, and the next: see mm/clear.h */
	bool flush_pending;
	vaddr_t anon_start, anon_end; /* where a user fault gets a fresh frame; set while unused */
};

/* The top-level table as it is now. */
static inline pgd_t *mm_pgd(struct mm *mm)
{
	return READ_ONCE(mm->pgd);
}

/* What a CPU loads. */
static inline paddr_t mm_root(struct mm *mm)
{
	return virt_to_phys(mm_pgd(mm));
}

/* False: out of memory, nothing is left allocated. */
bool mm_create(struct mm *mm);
/* No CPU has it loaded. Drops every mapping and table. */
void mm_destroy(struct mm *mm);
/* Loads the space on this CPU, NULL for the kernel's own; the mask follows. */
void mm_switch(struct mm *mm);

/*
 * One more level on top, where levels are folded at run time (CAP_DYNAMIC_FOLDING), for a space
 * that may grow: user_end() is further off afterwards. The old top-level table stays in use, one
 * level down: whoever still walks from it is right about all that it maps. Every CPU that has the
 * space loaded has loaded the new one when this returns. Interrupts on. False: out of memory, or
 * there is no further level. Linux s390 crst_table_upgrade(), which does not wait.
 */
bool mm_upgrade(struct mm *mm);

/* This CPU stops using user addresses for a while but keeps the root loaded: shootdowns of data
 * leave it alone, the freeing of tables and upgrades do not. It catches up when it stops being
 * lazy. Linux enter_lazy_tlb(). */
void mm_lazy_enter(void);
void mm_lazy_exit(void);

/* The slot of va; NULL if there is no table. Under the page-table lock, here and below. */
pte_t *pte_lookup(struct mm *mm, vaddr_t va);
/* The slot above it, which points to the table; NULL: not even that. */
pmd_t *pmd_lookup(struct mm *mm, vaddr_t va);
/* The same, and in *next where the part of [va, end) ends that this slot covers, or, if there is
 * none, that has none. */
pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next);
/* The slot of va, with missing tables made; NULL: out of memory. Interrupts on: it may have to
 * reload roots. */
pte_t *pte_alloc(struct mm *mm, vaddr_t va);

/*
 * Takes the lock and fills the slot of va, which is empty or holds a swap entry. The mapping owns
 * the reference on the frame that the caller had, if the frame has a struct page. False: the slot
 * was taken, or out of memory; the reference stays the caller's.
 */
bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte);
/* Takes the lock, drops all mappings in [start, end), page-aligned, flushes every CPU, waits for
 * them and only then releases the frames and the lock. Linux zap_page_range(). */
void zap_page_range(struct mm *mm, vaddr_t start, vaddr_t end);
/* Takes the lock and makes a present mapping unusable for the hardware, on every CPU, while
 * software still sees its frame: the first step of changing it in place. Linux pmdp_invalidate().
 */
void invalidate_page(struct mm *mm, vaddr_t va);
/* Takes the lock and frees the tables of [start, end), which is empty and aligned to whole tables,
 * after the same flush and wait. */
void free_pgtables(struct mm *mm, vaddr_t start, vaddr_t end);
