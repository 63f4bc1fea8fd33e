/* SPDX-License-Identifier: MIT */
/* Lets a store through to a page that was read-only because another space may have it too. */
#include "mm/fault/vm_fault.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"
#include "mm/table/replace.h"

static pte_t writable_pte(const struct vm_fault *vmf, struct page *page)
{
	return mk_pte(page_to_pfn(page), vma_page_prot(vmf->vma) | PTE_WRITE | PTE_DIRTY);
}

/* Call with the page-table lock held. Whether the entry is still the one the fault was about. */
static bool unchanged(const struct vm_fault *vmf)
{
	return entry_same(entry_read(vmf->pte), vmf->orig_pte);
}

/* The page has a reference of the caller's. It is copied without the lock. If the entry changed
 * meanwhile, the copy is worth nothing, because the old page may have been freed and used again. */
static enum vm_fault_result copy(struct vm_fault *vmf, struct page *old)
{
	struct page *page = alloc_page(ZONE_DIRECT);
	bool replaced;

	if (!page)
		return VM_FAULT_OOM;
	copy_page(page_map(page_to_pfn(page), WINDOW_A), page_map(page_to_pfn(old), WINDOW_B));
	race_point(fault_unlocked);

	tables_lock(vmf->mm);
	replaced = !guard(fault_recheck) || unchanged(vmf);
	if (replaced)
		replace_pte(vmf->mm, vmf->address, vmf->pte, writable_pte(vmf, page));
	tables_unlock(vmf->mm);

	put_page(replaced ? old : page);
	return VM_FAULT_DONE;
}

/* A page with one reference has no other mapping and no other user, so it need not be copied. */
enum vm_fault_result do_wp_page(struct vm_fault *vmf)
{
	struct page *page = pfn_to_page(entry_pfn(vmf->orig_pte));
	enum vm_fault_result result;
	bool same, reuse = false;

	tables_lock(vmf->mm);
	same = unchanged(vmf);
	if (same) {
		reuse = page_count(page) == 1;
		if (reuse)
			replace_pte(vmf->mm, vmf->address, vmf->pte, writable_pte(vmf, page));
		else
			get_page(page);
	}
	tables_unlock(vmf->mm);
	if (!same || reuse)
		return VM_FAULT_DONE;
	result = copy(vmf, page);
	put_page(page);
	return result;
}
