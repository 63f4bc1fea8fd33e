/* SPDX-License-Identifier: MIT */
/* Flushes once for many pages that are taken out of their spaces. */
#include "mm/table/batch.h"

#include <asm/atomic.h>

#include "kernel/smp/shootdown.h"
#include "mm/table/gather.h"
#include "mm/table/pgtable.h"

/* The mask is read behind the change of the entry, as shootdown() does. A CPU that joins later
 * finds no present entry. */
void batch_add(struct unmap_batch *batch, struct mm *mm, vaddr_t va)
{
	vaddr_t end = va + PAGE_SIZE;

	if (CAP_BROADCAST_FLUSH) {
		flush_cleared(mm, va, end);
		return;
	}
	atomic_fetch_add(&mm->batched, 1);
	batch->cpus |= READ_ONCE(mm->cpumask);
	batch->start = batch->start == batch->end ? va : min(batch->start, va);
	batch->end = max(batch->end, end);
}

void batch_flush(struct unmap_batch *batch)
{
	if (batch->start != batch->end)
		shootdown(&batch->cpus, batch->start, batch->end);
	*batch = (struct unmap_batch){.cpus = 0};
}

/* Other CPUs may settle at the same time, for other tables. Each flushes by itself, so it does not
 * matter whose count stands in the end. The counts are equal only if all that was counted has been
 * flushed, or after 2^32 pages between two flushes. */
void batch_settle(struct mm *mm)
{
	u32 batched;

	if (CAP_BROADCAST_FLUSH)
		return;
	batched = READ_ONCE(mm->batched);
	if (likely(batched == smp_load_acquire(&mm->settled)))
		return;
	shootdown(&mm->cpumask, 0, user_end(mm->pgd));
	smp_store_release(&mm->settled, batched);
}
