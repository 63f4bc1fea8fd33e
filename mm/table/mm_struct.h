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
	cpumask_t clearers;		 /* shared, and the next: see mm/table/clear.h */
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
