/* SPDX-License-Identifier: MIT */
/* Handles faults of user accesses by mapping anonymous memory at its first touch. */
#include <asm/trap.h>

#include "kernel/hooks/upcalls.h"
#include "kernel/printk.h"
#include "kernel/smp/percpu.h"
#include "mm/page/page.h"
#include "mm/table/establish.h"
#include "mm/table/pgtable.h"

#define FAULT_RETRIES 1000u

/* Whether the hardware makes such an access through an entry filled in by another CPU. It refuses
 * swap entries, and entries left for software alone by pte_mkinvalid(). */
static bool lets_through(pte_t pte, bool write)
{
	return pte_access_permitted(pte, write) && !entry_same(pte, pte_mkinvalid(pte));
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

/* Maps a fresh, cleared frame at the first touch. */
static bool anonymous_fault(struct mm *mm, vaddr_t va, bool write)
{
	struct page *page = alloc_page(ZONE_DIRECT);
	pte_t *ptep;
	pte_t found = PTE_NONE;
	bool handled;
	pfn_t pfn;

	if (!page)
		return false;
	pfn = page_to_pfn(page);
	clear_page(page_map(pfn, WINDOW_A));

	tables_lock(mm);
	ptep = pte_alloc(mm, va);
	if (ptep)
		found = entry_read(ptep);
	handled = ptep && entry_none(found);
	if (handled)
		set_pte(ptep, mk_pte(pfn, PTE_USER | PTE_WRITE | PTE_YOUNG | PTE_DIRTY));
	tables_unlock(mm);

	if (handled)
		return true;
	put_page(page);
	return lets_through(found, write) && may_try_again(va, found);
}

bool mm_fault(const struct fault *fault)
{
	struct mm *mm = this_cpu()->mm;

	lock_order_none();
	if (!mm || fault->cause & (FAULT_PROTECTION | FAULT_RESERVED | FAULT_EXEC))
		return false;
	if (fault->address - mm->anon_start >= mm->anon_end - mm->anon_start)
		return false;
	return anonymous_fault(mm, ALIGN_DOWN(fault->address, PAGE_SIZE),
			       fault->cause & FAULT_WRITE);
}
