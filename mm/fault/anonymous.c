/* SPDX-License-Identifier: MIT */
/* Maps the zero page at the first load of an address, and a fresh, cleared page at its first
 * store. */
#include "mm/fault/vm_fault.h"
#include "mm/page/zero.h"

enum vm_fault_result do_anonymous_page(struct vm_fault *vmf)
{
	struct page *page;

	if (!(vmf->cause & FAULT_WRITE))
		return finish_fault(vmf, NULL, mk_pte(zero_pfn, vma_page_prot(vmf->vma)));
	page = alloc_zeroed_page();
	if (!page)
		return VM_FAULT_OOM;
	set_page_anonymous(vmf, page);
	return finish_fault(vmf, page, vma_writable_pte(vmf->vma, page));
}
