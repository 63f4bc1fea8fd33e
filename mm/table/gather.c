/* SPDX-License-Identifier: MIT */
/* Collects zapped frames and tables, flushes, waits for walkers, and only then frees them. */
#include "mm/table/gather.h"

#include "kernel/smp/shootdown.h"
#include "kernel/smp/walker_sync.h"
#include "mm/table/clear.h"

void gather_range(struct tlb_gather *tlb, vaddr_t start, vaddr_t end)
{
	if (tlb->start == tlb->end) {
		tlb->start = start;
		tlb->end = end;
		return;
	}
	tlb->start = min(tlb->start, start);
	tlb->end = max(tlb->end, end);
}

void gather_page(struct tlb_gather *tlb, struct page *page)
{
	tlb->pages[tlb->nr++] = page;
	if (tlb->nr == GATHER_PAGES)
		gather_finish(tlb);
}

void flush_cleared(struct mm *mm, vaddr_t start, vaddr_t end)
{
	if (CAP_BROADCAST_FLUSH)
		flush_deferred(mm);
	else
		shootdown(&mm->cpumask, start, end);
}

/* Lazy CPUs do not use translations of user space, but their hardware may still walk the tables. */
static void gather_flush(struct tlb_gather *tlb)
{
	if (tlb->start == tlb->end)
		return;
	if (tlb->tables && !CAP_BROADCAST_FLUSH && guard(tables_reach_lazy))
		shootdown(&tlb->mm->cpu_attach_mask, tlb->start, tlb->end);
	else
		flush_cleared(tlb->mm, tlb->start, tlb->end);
}

/* Waits for walkers if the flush did not. */
static void sync_walkers(struct tlb_gather *tlb)
{
	if (tlb->start == tlb->end || flush_is_sync())
		return;
	if (tlb->tables && guard(table_sync)) {
		if (choice_is(table_free, ipi))
			sync_walkers_ipi();
		else
			sync_walkers_grace();
	} else if (!tlb->tables && choice_is(entry_sync, ipi)) {
		sync_walkers_ipi();
	} else if (!tlb->tables && choice_is(entry_sync, grace)) {
		sync_walkers_grace();
	}
}

static void release(struct tlb_gather *tlb)
{
	for (unsigned i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	race_value(gather_released, tlb->nr);
}

void gather_finish(struct tlb_gather *tlb)
{
	bool early = tlb->tables ? !guard(table_after_flush) : !guard(flush_before_free);

	if (early)
		release(tlb);
	gather_flush(tlb);
	sync_walkers(tlb);
	if (!early)
		release(tlb);
	gather_begin(tlb, tlb->mm, tlb->tables);
}
