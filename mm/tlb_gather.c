/* SPDX-License-Identifier: MIT */
#include "mm/tlb_gather.h"

#include "kernel/shootdown.h"

void tlb_cleared(struct tlb_gather *tlb, vaddr_t start, vaddr_t end)
{
	if (tlb->start == tlb->end) {
		tlb->start = start;
		tlb->end = end;
		return;
	}
	tlb->start = start < tlb->start ? start : tlb->start;
	tlb->end = end > tlb->end ? end : tlb->end;
}

void tlb_remove_page(struct tlb_gather *tlb, struct page *page)
{
	tlb->pages[tlb->nr++] = page;
	if (tlb->nr == GATHER_PAGES)
		tlb_finish(tlb);
}

void tlb_finish(struct tlb_gather *tlb)
{
	if (tlb->start != tlb->end)
		shootdown(&tlb->mm->cpumask, tlb->start, tlb->end);
	for (unsigned i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	tlb_begin(tlb, tlb->mm);
}
