/* SPDX-License-Identifier: MIT */
/*
 * Flushes once for many pages that are taken out of their spaces.
 *
 * Page-out takes pages away one by one, and could flush after each of them, but one shootdown for
 * many is cheaper. So a batch notes the CPUs and addresses for one flush later. The pages stay
 * allocated until then, and the locks of their tables drop before.
 *
 * Until the flush a slot is not present, and CPUs may use a translation of it all the same. So a
 * slot without a present entry does not prove that nobody accesses the page. Each change that
 * relies on it settles first. mm->batched counts the deferred pages of a space, and mm->settled is
 * this count as it was before the last flush of the whole space. If they differ, a flush may be
 * owed. Linux tlbflush_unmap_batch and mm->tlb_flush_batched (3ea277194daa "mm,
 * mprotect: flush TLB if potentially racing with a parallel reclaim leaving stale TLB entries").
 *
 * On ports with CAP_BROADCAST_FLUSH the clear of a slot is also its flush (mm/table/clear.h), so
 * nothing is batched there.
 */
#pragma once

#include "mm/table/mm_struct.h"

struct unmap_batch {
	cpumask_t cpus;	    /* that may have a translation */
	vaddr_t start, end; /* of the pages of all spaces, nothing if they are equal */
};

/* Call with the table's lock held, after the present entry of va was cleared. The flush is left to
 * batch_flush(). Linux set_tlb_ubc_flush_pending(). */
void batch_add(struct unmap_batch *batch, struct mm *mm, vaddr_t va);
/* On return no CPU uses a translation of the pages, and the batch is empty. Call with interrupts
 * on. Linux try_to_unmap_flush(). */
void batch_flush(struct unmap_batch *batch);

/* Call with the lock of a table held. On return no CPU uses a translation for an address of this
 * table without a present entry. Linux flush_tlb_batched_pending(). */
void batch_settle(struct mm *mm);
