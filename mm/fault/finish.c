/* SPDX-License-Identifier: MIT */
/* Fills the empty slot of a fault. */
#include "mm/fault/vm_fault.h"
#include "mm/table/locks.h"
#include "mm/table/pgtable.h"

enum vm_fault_result finish_fault(const struct vm_fault *vmf, struct page *page, pte_t pte)
{
	bool empty;

	race_point(fault_unlocked);
	pte_lock(vmf->pte);
	empty = !guard(fault_recheck) || entry_none(entry_read(vmf->pte));
	if (empty)
		set_pte(vmf->pte, pte);
	pte_unlock(vmf->pte);
	if (!empty && page)
		put_page(page);
	return VM_FAULT_DONE;
}
