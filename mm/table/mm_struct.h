/* SPDX-License-Identifier: MIT */
/* An address space has a tree of tables, the CPUs with it loaded, and locks. */
#pragma once

#include <asm/pgtable.h>

#include "kernel/wait/rwlock.h"
#include "kernel/wait/spinlock.h"

struct vma;
struct object;

struct mm {
	pgd_t *pgd;		   /* shared, changed by mm_upgrade() under the lock */
	cpumask_t cpumask;	   /* shared, the CPUs using translations of this space */
	cpumask_t cpu_attach_mask; /* shared, every CPU with this root loaded, lazy ones included */
	struct rwlock mmap_lock;   /* outermost. Its mappings, and which of its tables there are */
	struct spinlock page_table_lock; /* see mm/table/locks.h */
	pfn_t tables;			 /* list of its tables' frames, under the lock */
	cpumask_t clearers;		 /* shared, as is the next field, see mm/table/clear.h */
	bool flush_pending;
	u32 batched, settled; /* shared, see mm/table/batch.h */
	struct vma *vmas; /* its mappings, sorted (mm/space/vma.h) */
	u32 nr_vmas;
	struct object *family; /* of its anonymous memory, NULL if it never had any. Under the mmap
				  lock */
};

/* The top-level table as it is now. */
static inline pgd_t *mm_pgd(struct mm *mm)
{
	return READ_ONCE(mm->pgd);
}

/* The address a CPU loads. */
static inline paddr_t mm_root(struct mm *mm)
{
	return virt_to_phys(mm_pgd(mm));
}
