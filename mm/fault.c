/* SPDX-License-Identifier: MIT */
#include <asm/trap.h>

#include "kernel/calls.h"
#include "mm/mm.h"
#include "mm/page.h"
#include "mm/pgtable.h"

/* Anonymous memory: a fresh, cleared frame at the first touch. */
static bool anonymous_fault(struct mm *mm, vaddr_t va)
{
	struct page *page = alloc_page(ZONE_DIRECT);
	pte_t *ptep;
	bool handled;
	pfn_t pfn;

	if (!page)
		return false;
	pfn = page_to_pfn(page);
	clear_page(page_map(pfn, WINDOW_A));

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc(mm, va);
	handled = ptep && entry_none(entry_read(ptep));
	if (handled)
		set_pte(ptep, mk_pte(pfn, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY));
	spin_unlock(&mm->page_table_lock);

	if (!handled)
		put_page(page);
	return ptep; /* somebody else filled the slot: just as good */
}

bool mm_fault(const struct fault *fault)
{
	struct mm *mm = this_cpu()->mm;

	if (!mm || fault->cause & (FAULT_PROTECTION | FAULT_RESERVED | FAULT_EXEC))
		return false;
	if (fault->address - mm->anon_start >= mm->anon_end - mm->anon_start)
		return false;
	return anonymous_fault(mm, ALIGN_DOWN(fault->address, PAGE_SIZE));
}
