/* SPDX-License-Identifier: MIT */
/* Lets a store through to a page that was read-only, because another space may have it too, or for
 * being the zero page. */
#include "mm/fault/vm_fault.h"
#include "mm/page/zero.h"
#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "mm/table/replace.h"
#include "mm/table/rights.h"

/* Call with the table's lock held. Whether the entry is still the one the fault was about. */
static bool unchanged(const struct vm_fault *vmf)
{
	return entry_same(entry_read(vmf->pte), vmf->orig_pte);
}

/* Returns whether the page took the place of the old one, with its reference. */
static bool replace_page(const struct vm_fault *vmf, struct page *page)
{
	bool same;

	set_page_anonymous(vmf, page);
	race_point(fault_unlocked);
	pte_lock(vmf->pte);
	same = !guard(fault_recheck) || unchanged(vmf);
	if (same)
		replace_pte(vmf->mm, vmf->address, vmf->pte, vma_writable_pte(vmf->vma, page));
	pte_unlock(vmf->pte);
	return same;
}

/* The page has a reference of the caller's. It is copied without the lock. If the entry changed
 * meanwhile, the copy is worth nothing, because the old page may have been freed and used again. */
static enum vm_fault_result copy(const struct vm_fault *vmf, struct page *old)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	if (!page)
		return VM_FAULT_OOM;
	copy_page(page_map(page_to_pfn(page), WINDOW_A), page_map(page_to_pfn(old), WINDOW_B));
	put_page(replace_page(vmf, page) ? old : page);
	return VM_FAULT_DONE;
}

/* Nothing is copied, because a cleared page has the same words. The zero page is replaced as any
 * other one is. Otherwise a CPU could go on reading its zeros after the store. Linux
 * wp_page_copy(), which asks is_zero_pfn() for this. */
static enum vm_fault_result replace_zero_page(const struct vm_fault *vmf)
{
	struct page *page = alloc_zeroed_page();

	if (!page)
		return VM_FAULT_OOM;
	if (!replace_page(vmf, page))
		put_page(page);
	return VM_FAULT_DONE;
}

/*
 * Call with the page-table lock held. No CPU is flushed, because the entry names the same page as
 * before and permits more. Another CPU may have a translation that still forbids the store. Its
 * store then faults once more, and the fault is spurious. Linux wp_page_reuse().
 */
static void reuse_page(const struct vm_fault *vmf)
{
	ptep_set_write(vmf->mm, vmf->address, vmf->pte);
	flush_rights(vmf->mm, vmf->address, vmf->address + PAGE_SIZE, false);
}

/* A page with one reference has no other mapping and no other user, so it need not be copied. */
enum vm_fault_result do_wp_page(struct vm_fault *vmf)
{
	struct page *page = pfn_to_page(entry_pfn(vmf->orig_pte));
	enum vm_fault_result result;
	bool same, reuse = false;

	if (is_zero_pfn(entry_pfn(vmf->orig_pte)))
		return replace_zero_page(vmf);
	pte_lock(vmf->pte);
	same = unchanged(vmf);
	if (same) {
		reuse = page_count(page) == 1;
		if (reuse)
			reuse_page(vmf);
		else
			get_page(page);
	}
	pte_unlock(vmf->pte);
	if (!same || reuse)
		return VM_FAULT_DONE;
	result = copy(vmf, page);
	put_page(page);
	return result;
}
