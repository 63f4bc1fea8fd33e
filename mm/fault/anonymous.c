/* SPDX-License-Identifier: MIT */
/* Maps a fresh, cleared page at the first touch of an address. */
#include "mm/fault/vm_fault.h"
#include "mm/page/page.h"
#include "mm/table/pgtable.h"

/* A page that was read and not written is clean, so the hardware says when it is written. */
static pte_t fresh_pte(const struct vm_fault *vmf, struct page *page)
{
	u32 prot = vma_page_prot(vmf->vma);

	if (vmf->vma->flags & VM_WRITE)
		prot |= PTE_WRITE;
	if (vmf->cause & FAULT_WRITE)
		prot |= PTE_DIRTY;
	return mk_pte(page_to_pfn(page), prot);
}

enum vm_fault_result do_anonymous_page(struct vm_fault *vmf)
{
	struct page *page = alloc_page(ZONE_DIRECT);
	bool empty;

	if (!page)
		return VM_FAULT_OOM;
	clear_page(page_map(page_to_pfn(page), WINDOW_A));
	race_point(fault_unlocked);

	tables_lock(vmf->mm);
	empty = !guard(fault_recheck) || entry_none(entry_read(vmf->pte));
	if (empty)
		set_pte(vmf->pte, fresh_pte(vmf, page));
	tables_unlock(vmf->mm);

	if (!empty)
		put_page(page);
	return VM_FAULT_DONE;
}
