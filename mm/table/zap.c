/* SPDX-License-Identifier: MIT */
/* Takes mappings and tables away, with their flush and their wait. */
#include "mm/table/zap.h"

#include "kernel/printk.h"
#include "mm/page/swap.h"
#include "mm/table/batch.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/swap_entry.h"
#include "mm/table/table.h"

/* [va, end) lies in one page table. Marks the pages of files whose entries are dirty, and returns
 * whether there was one. CPUs may store to such a page until they have flushed. Linux
 * zap_present_folio_ptes(), folio_mark_dirty(). */
static bool clear_ptes(struct tlb_gather *tlb, pte_t *ptep, vaddr_t va, vaddr_t end)
{
	bool file_dirty = false;

	for (; va != end; va += PAGE_SIZE, ptep++) {
		struct page *page;
		pte_t pte;

		if (entry_none(entry_read(ptep)))
			continue;
		pte = mm_clear_pte(tlb->mm, va, ptep);
		if (pte_is_swap(pte))
			swap_free(pte_swap_slot(pte));
		if (!entry_present(pte))
			continue;
		gather_range(tlb, va, va + PAGE_SIZE);
		page = vm_normal_page(pte);
		if (!page)
			continue;
		if (pte_dirty(pte))
			file_dirty |= mark_page_dirty(page);
		gather_page(tlb, page);
	}
	return file_dirty;
}

/* One table. Its lock drops only after the flush. A writeback waits for this lock, and then finds
 * no entry and flushes nobody. So it relies on the flush of a dirty page of a file, which is a
 * guard of its own. Linux zap_pte_range(), force_flush. */
static void zap_pte_range(struct mm *mm, pte_t *ptep, vaddr_t va, vaddr_t end)
{
	struct tlb_gather tlb;
	bool flush_first;

	pte_lock(ptep);
	if (guard(settle_before_zap))
		batch_settle(mm);
	gather_begin(&tlb, mm, false);
	flush_first = clear_ptes(&tlb, ptep, va, end) ? guard(dirty_flush)
						      : choice_is(zap_flush, before_unlock);
	if (flush_first)
		gather_finish(&tlb);
	pte_unlock(ptep);
	race_point(zap_unlocked);
	if (!flush_first)
		gather_finish(&tlb);
}

void zap_page_range(struct mm *mm, vaddr_t start, vaddr_t end)
{
	vaddr_t va, next;

	for (va = start; va != end; va = next) {
		pte_t *ptep = pte_lookup_range(mm, va, end, &next);

		if (ptep)
			zap_pte_range(mm, ptep, va, next);
	}
	race_point(zap_done);
}

void invalidate_page(struct mm *mm, vaddr_t va)
{
	pte_t *ptep = pte_lookup(mm, va);

	if (!ptep)
		return;
	pte_lock(ptep);
	if (entry_present(entry_read(ptep)) || !guard(mkinvalid_checks_present)) {
		pte_t pte = mm_invalidate_pte(mm, va, ptep);

		race_value(set_done, entry_value(pte));
		if (guard(invalidate_flush))
			flush_cleared(mm, va, va + PAGE_SIZE);
	}
	pte_unlock(ptep);
}

/* The frame of a page still mapped would never be given back, and its users would go on. */
static void check_empty(pmd_t *pmdp, vaddr_t va, vaddr_t end)
{
	pte_t *ptep = pte_offset(pmdp, va);

	for (; va != end; va += PAGE_SIZE, ptep++)
		if (!entry_none(entry_read(ptep)) && !wait_is_abandoned())
			panic("free_pgtables: the slot of 0x%llx is not empty, but 0x%llx",
			      (unsigned long long)va,
			      (unsigned long long)entry_value(entry_read(ptep)));
}

/* One PMD table. Its lock drops only after the flush. Linux free_pmd_range(). */
static void free_pmd_range(struct mm *mm, pmd_t *pmdp, vaddr_t va, vaddr_t end)
{
	struct tlb_gather tlb;
	vaddr_t next;

	pmd_lock(pmdp);
	gather_begin(&tlb, mm, true);
	for (pmd_t *slot = pmdp; va != end; va = next, slot++) {
		pfn_t table;

		next = level_end(va, end, PMD_SHIFT, false);
		if (!entry_present(entry_read(slot)))
			continue;
		check_empty(slot, va, next);
		table = (pfn_t)(entry_table_pa(mm_clear_pmd(mm, va, slot)) >> PAGE_SHIFT);
		table_forget(mm, table);
		gather_range(&tlb, va, next);
		gather_page(&tlb, pfn_to_page(table));
	}
	gather_finish(&tlb);
	pmd_unlock(pmdp);
}

void free_pgtables(struct mm *mm, vaddr_t start, vaddr_t end)
{
	vaddr_t va, next;

	tables_lock(mm);
	for (va = start; va != end; va = next) {
		pmd_t *pmdp = pmd_lookup_range(mm, va, end, &next);

		if (!pmdp)
			continue;
		next = level_end(va, end, PUD_SHIFT, false);
		free_pmd_range(mm, pmdp, va, next);
	}
	tables_unlock(mm);
}
