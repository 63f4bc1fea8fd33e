/* SPDX-License-Identifier: MIT */
/*
 * The order in which a CPU may take the locks of mm/, outermost first. Before a CPU takes a
 * lock, it must hold none of the same level or further in, and this is asserted. If all CPUs keep
 * to one order, no two of them can wait for each other in a circle. Linux asks lockdep the same
 * question.
 *
 * Each CPU keeps a record of the levels it holds. Only the CPU itself uses its record, and an
 * interrupt handler leaves it unchanged. The bench image has no record.
 */
#pragma once

#include "kernel/smp/percpu.h"

#ifdef ZAPWALK_LAB
#define LOCK_ORDER 1
#else
#define LOCK_ORDER 0
#endif

enum lock_level {
	LOCK_MMAP,	/* mm->mmap_lock */
	LOCK_SIZE,	/* of the changes of a file's size (mm/object/file.h) */
	LOCK_PAGE,	/* the lock of a page of a file, or of a slot in swap */
	LOCK_OBJECT,	/* a file's lock (mm/object/object.h) */
	LOCK_FAMILY,	/* that of anonymous memory */
	LOCK_TABLES,	/* mm->page_table_lock (mm/table/locks.h) */
	LOCK_PMD,	/* a PMD table's lock */
	LOCK_PTE_CHILD, /* of a page table in a child of a fork */
	LOCK_PTE,	/* a page table's lock */
	LOCK_PTE_NEW,	/* of a page table that entries move to */
	LOCK_SWAP,	/* the swap area's lock (mm/page/swap.h) */
	LOCK_PCP,	/* of the frames kept by a CPU (mm/page/page.c) */
	LOCK_ZONE,	/* a zone's lock */
	NR_LOCK_LEVELS
};

/* Stops the machine and names the lock and those held. */
_Noreturn void lock_order_wrong(enum lock_level level, u32 held);

/* Call before the wait for the lock, so a wrong order is told and not waited for. */
static inline void lock_order_enter(enum lock_level level)
{
	if (!LOCK_ORDER)
		return;
	if (unlikely(this_cpu()->locks_held >> level))
		lock_order_wrong(level, this_cpu()->locks_held);
	this_cpu()->locks_held |= BIT(level);
}

/* Call when the lock is free again. Levels may be left in any order. */
static inline void lock_order_leave(enum lock_level level)
{
	if (LOCK_ORDER)
		this_cpu()->locks_held &= ~BIT(level);
}

/* Asserts that this CPU holds none of these locks. */
static inline void lock_order_none(void)
{
	if (LOCK_ORDER && unlikely(this_cpu()->locks_held))
		lock_order_wrong(NR_LOCK_LEVELS, this_cpu()->locks_held);
}
