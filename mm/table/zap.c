/* SPDX-License-Identifier: MIT */
/* Takes mappings and tables away, with their flush and their wait. */
#include "mm/table/zap.h"

#include "kernel/printk.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/table.h"

/* [va, end) lies in one page table. Linux zap_pte_range(). */
static void zap_pte_range(struct tlb_gather *tlb, pte_t *ptep, vaddr_t va, vaddr_t end)
{
	for (; va != end; va += PAGE_SIZE, ptep++) {
		struct page *page;
		pte_t pte;

		if (entry_none(entry_read(ptep)))
			continue;
		pte = mm_clear_pte(tlb->mm, va, ptep);
		if (!entry_present(pte))
			continue;
		gather_range(tlb, va, va + PAGE_SIZE);
		page = pfn_to_page(entry_pfn(pte));
		if (page)
			gather_page(tlb, page);
	}
}

void zap_page_range(struct mm *mm, vaddr_t start, vaddr_t end)
{
	struct tlb_gather tlb;
	vaddr_t va, next;

	tables_lock(mm);
	gather_begin(&tlb, mm, false);
	for (va = start; va != end; va = next) {
		pmd_t *pmdp = pmd_lookup_range(mm, va, end, &next);

		if (pmdp && entry_present(entry_read(pmdp)))
			zap_pte_range(&tlb, pte_offset(pmdp, va), va, next);
	}
	if (guard(flush_before_unlock))
		gather_finish(&tlb);
	tables_unlock(mm);
	race_point(zap_unlocked);
	if (!guard(flush_before_unlock))
		gather_finish(&tlb);
	race_point(zap_done);
}

void invalidate_page(struct mm *mm, vaddr_t va)
{
	pte_t *ptep;

	tables_lock(mm);
	ptep = pte_lookup(mm, va);
	if (ptep && (entry_present(entry_read(ptep)) || !guard(mkinvalid_checks_present))) {
		pte_t pte = mm_invalidate_pte(mm, va, ptep);

		race_value(set_done, entry_value(pte));
		if (guard(invalidate_flush))
			flush_cleared(mm, va, va + PAGE_SIZE);
	}
	tables_unlock(mm);
}

/* Call with the lock held. Otherwise another CPU could establish a page between a look and the end
 * of the table. The page's frame would never be given back, and its users would go on. */
static void check_empty(pmd_t *pmdp, vaddr_t va, vaddr_t end)
{
	pte_t *ptep = pte_offset(pmdp, va);

	for (; va != end; va += PAGE_SIZE, ptep++)
		if (!entry_none(entry_read(ptep)) && !wait_is_abandoned())
			panic("free_pgtables: the slot of 0x%llx is not empty, but 0x%llx",
			      (unsigned long long)va,
			      (unsigned long long)entry_value(entry_read(ptep)));
}

void free_pgtables(struct mm *mm, vaddr_t start, vaddr_t end)
{
	struct tlb_gather tlb;
	vaddr_t va, next;

	tables_lock(mm);
	gather_begin(&tlb, mm, true);
	for (va = start; va != end; va = next) {
		pmd_t *pmdp = pmd_lookup_range(mm, va, end, &next);
		pfn_t table;

		if (!pmdp || !entry_present(entry_read(pmdp)))
			continue;
		check_empty(pmdp, va, next);
		table = (pfn_t)(entry_table_pa(mm_clear_pmd(mm, va, pmdp)) >> PAGE_SHIFT);
		table_forget(mm, table);
		gather_range(&tlb, va, next);
		gather_page(&tlb, pfn_to_page(table));
	}
	gather_finish(&tlb);
	tables_unlock(mm);
}
