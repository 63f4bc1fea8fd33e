/* SPDX-License-Identifier: MIT */
/* Brings a page back from swap. */
#include "kernel/errno.h"
#include "mm/fault/vm_fault.h"
#include "mm/page/swap.h"
#include "mm/table/batch.h"
#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "mm/table/swap_entry.h"

/* A page with other users is read-only, and so is one with other entries in swap, because the cache
 * has a reference on it. A store is then made again, and goes the way of do_wp_page(). */
static pte_t pte_of(const struct vm_fault *vmf, struct page *page)
{
	if (vmf->cause & FAULT_WRITE && page_count(page) == 1)
		return vma_writable_pte(vmf->vma, page);
	return mk_pte(page_to_pfn(page), vma_page_prot(vmf->vma));
}

/* Call with the slot's page lock, so nobody else brings the page in for another entry now. Takes
 * over the caller's reference on the page. If the entry has changed, another CPU did all this
 * before, or the page is not wanted any more. Otherwise the entry gives its slot back before the
 * page is mapped. With the last entry of the slot the page leaves the cache. A flush that page-out
 * owes comes first, because a store by an old translation would miss a copy of the page. Linux
 * do_swap_page(), should_try_to_free_swap(). */
static void map_page(const struct vm_fault *vmf, u32 slot, struct page *page)
{
	bool same;

	if (!page->object) /* it was not in the cache */
		set_page_anonymous(vmf, page);
	race_point(fault_unlocked);
	pte_lock(vmf->pte);
	same = !guard(fault_recheck) || entry_same(entry_read(vmf->pte), vmf->orig_pte);
	if (same) {
		if (guard(settle_before_swap_in))
			batch_settle(vmf->mm);
		swap_free(slot);
		set_pte(vmf->pte, pte_of(vmf, page));
	}
	pte_unlock(vmf->pte);
	if (!same)
		put_page(page);
}

/* Call with the slot's page lock. The entry may have been zapped since it was read, and its slot is
 * free then. The hold ends before the page is mapped, so that it is not counted there. */
static int read_page(u32 slot, struct page **page)
{
	int error;

	if (!swap_hold(slot))
		return -ENOENT;
	error = swap_read(slot, page);
	swap_free(slot);
	return error;
}

enum vm_fault_result do_swap_page(struct vm_fault *vmf)
{
	u32 slot = pte_swap_slot(vmf->orig_pte);
	struct page *page;
	int error;

	race_value(swap_found, slot);
	swap_page_lock(slot);
	error = read_page(slot, &page);
	if (!error)
		map_page(vmf, slot, page);
	swap_page_unlock(slot);
	if (error == -ENOMEM)
		return VM_FAULT_OOM;
	return error == -EIO ? VM_FAULT_SIGBUS : VM_FAULT_DONE;
}
