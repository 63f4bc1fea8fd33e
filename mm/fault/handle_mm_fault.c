/* SPDX-License-Identifier: MIT */
/* Finds the mapping of a fault, and sends the fault on by what its slot holds. */
#include "mm/fault/vm_fault.h"
#include "mm/table/establish.h"
#include "mm/table/pgtable.h"

/* Whether the mapping allows the access. A right to write or to execute includes reading, as the
 * entries of all ports have it. */
static bool permits(const struct vma *vma, u32 cause)
{
	if (cause & FAULT_WRITE)
		return vma->flags & VM_WRITE;
	if (cause & FAULT_EXEC)
		return vma->flags & VM_EXEC;
	return vma->flags & VM_RIGHTS;
}

enum vm_fault_result handle_mm_fault(struct mm *mm, const struct fault *fault)
{
	struct vm_fault vmf = {.mm = mm,
			       .vma = vma_lookup(mm, fault->address),
			       .address = ALIGN_DOWN(fault->address, PAGE_SIZE),
			       .write = fault->cause & FAULT_WRITE};

	if (!vmf.vma || !permits(vmf.vma, fault->cause))
		return VM_FAULT_SIGSEGV;
	return handle_pte_fault(&vmf);
}

/* Whether the hardware makes such an access through the entry. It refuses one left for software
 * alone by pte_mkinvalid(). */
static bool lets_through(pte_t pte, bool write)
{
	return pte_access_permitted(pte, write) && !entry_same(pte, pte_mkinvalid(pte));
}

enum vm_fault_result handle_pte_fault(struct vm_fault *vmf)
{
	tables_lock(vmf->mm);
	vmf->pte = pte_alloc(vmf->mm, vmf->address);
	if (vmf->pte)
		vmf->orig_pte = entry_read(vmf->pte);
	tables_unlock(vmf->mm);

	if (!vmf->pte)
		return VM_FAULT_OOM;
	if (entry_none(vmf->orig_pte))
		return do_anonymous_page(vmf);
	if (!lets_through(vmf->orig_pte, false))
		return VM_FAULT_SIGBUS;
	if (vmf->write && !lets_through(vmf->orig_pte, true))
		return do_wp_page(vmf);
	return do_spurious_fault(vmf);
}
