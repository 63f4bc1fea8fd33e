/* SPDX-License-Identifier: MIT */
/* Handles faults of user accesses. Maps anonymous memory at its first touch, and finds faults that
 * are spurious. */
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/page/page.h"
#include "mm/table/establish.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"

#define FAULT_RETRIES 1000u

/* Whether the hardware makes such an access through an entry filled in by another CPU. It refuses
 * swap entries, and entries left for software alone by pte_mkinvalid(). */
static bool lets_through(pte_t pte, u32 cause)
{
	return pte_access_permitted(pte, cause & FAULT_WRITE) &&
	       (!(cause & FAULT_EXEC) || pte_exec(pte)) && !entry_same(pte, pte_mkinvalid(pte));
}

/*
 * Call with the page-table lock held. Returns whether the entry as it is now permits the access.
 * Then the fault was spurious, and the access is simply taken again. It came from a translation
 * stricter than its entry, from the middle of a change, or from an entry that has changed since. Or
 * the entry lacks a mark, on ports where nobody else makes it. Linux handle_pte_fault(), where
 * ptep_set_access_flags() finds nothing to change.
 */
static bool is_spurious(struct mm *mm, vaddr_t va, pte_t *ptep, pte_t found, u32 cause)
{
	if (!guard(spurious_fault) || !lets_through(found, cause))
		return false;
	ptep_set_access_flags(mm, va, ptep, cause & FAULT_WRITE);
	flush_rights(mm, va, va + PAGE_SIZE, false);
	return true;
}

/* For each CPU, its faults in a row at va although the entry permitted the access. */
static struct {
	vaddr_t va;
	u32 again;
} __aligned(64) last[MAX_CPUS];

/* Retries the access, because another CPU may have filled the slot between fault and lock. Gives up
 * after FAULT_RETRIES. If the entry permits the access and the machine still refuses it, more
 * retries change nothing. */
static bool may_try_again(vaddr_t va, pte_t pte)
{
	unsigned cpu = cpu_id();

	last[cpu].again = last[cpu].va == va ? last[cpu].again + 1 : 1;
	last[cpu].va = va;
	if (last[cpu].again <= FAULT_RETRIES)
		return true;
	printk("# ev=warning what=\"CPU %u: the access to 0x%llx faults, although its entry 0x%llx lets it through: given up after %u times\"\n",
	       cpu, (unsigned long long)va, (unsigned long long)entry_value(pte), FAULT_RETRIES);
	last[cpu].again = 0;
	return false;
}

/* The entry is there, or nothing may be mapped here. */
static bool mapped_fault(struct mm *mm, vaddr_t va, u32 cause)
{
	pte_t found = PTE_NONE, *ptep;
	bool again;

	spin_lock(&mm->page_table_lock);
	ptep = pte_lookup(mm, va);
	if (ptep)
		found = entry_read(ptep);
	again = ptep && is_spurious(mm, va, ptep, found, cause);
	spin_unlock(&mm->page_table_lock);
	return again && may_try_again(va, found);
}

/* Maps a fresh, cleared frame at the first touch. */
static bool anonymous_fault(struct mm *mm, vaddr_t va, u32 cause)
{
	struct page *page = alloc_page(ZONE_DIRECT);
	pte_t *ptep;
	pte_t found = PTE_NONE;
	bool handled, again;
	pfn_t pfn;

	if (!page)
		return false;
	pfn = page_to_pfn(page);
	clear_page(page_map(pfn, WINDOW_A));

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc(mm, va);
	if (ptep)
		found = entry_read(ptep);
	handled = ptep && entry_none(found);
	if (handled)
		set_pte(ptep, mk_pte(pfn, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY));
	again = ptep && !handled && is_spurious(mm, va, ptep, found, cause);
	spin_unlock(&mm->page_table_lock);

	if (handled)
		return true;
	put_page(page);
	return again && may_try_again(va, found);
}

bool mm_fault(const struct fault *fault)
{
	struct mm *mm = this_cpu()->mm;
	vaddr_t va = ALIGN_DOWN(fault->address, PAGE_SIZE);

	if (!mm || fault->cause & (FAULT_RESERVED | FAULT_LIMIT) || va >= user_end(mm_pgd(mm)))
		return false;
	if (fault->cause & (FAULT_PROTECTION | FAULT_EXEC) ||
	    fault->address - mm->anon_start >= mm->anon_end - mm->anon_start)
		return mapped_fault(mm, va, fault->cause);
	return anonymous_fault(mm, va, fault->cause);
}
