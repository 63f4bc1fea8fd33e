/* SPDX-License-Identifier: MIT */
/* Finds the mapping of a fault, and sends the fault on by what its slot holds. */
#include "mm/fault/vm_fault.h"
#include "mm/table/establish.h"
#include "mm/table/lookup.h"
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

/* In a space without mappings tables are filled by hand, and a fault there can only be spurious. */
static enum vm_fault_result handle_bare_fault(struct vm_fault *vmf)
{
	if (vmf->address >= user_end(vmf->mm->pgd))
		return VM_FAULT_SIGSEGV;
	tables_lock(vmf->mm);
	vmf->pte = pte_lookup(vmf->mm, vmf->address);
	if (vmf->pte)
		vmf->orig_pte = entry_read(vmf->pte);
	tables_unlock(vmf->mm);

	if (!vmf->pte || !lets_through(vmf->orig_pte, vmf->cause))
		return VM_FAULT_SIGSEGV;
	return do_spurious_fault(vmf);
}

enum vm_fault_result handle_mm_fault(struct mm *mm, const struct fault *fault)
{
	struct vm_fault vmf = {.mm = mm,
			       .vma = vma_lookup(mm, fault->address),
			       .address = ALIGN_DOWN(fault->address, PAGE_SIZE),
			       .cause = fault->cause};

	if (!mm->nr_vmas)
		return handle_bare_fault(&vmf);
	if (!vmf.vma || !permits(vmf.vma, fault->cause))
		return VM_FAULT_SIGSEGV;
	return handle_pte_fault(&vmf);
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
	if (lets_through(vmf->orig_pte, vmf->cause))
		return do_spurious_fault(vmf);
	if (vmf->cause & FAULT_WRITE && lets_through(vmf->orig_pte, vmf->cause & ~FAULT_WRITE))
		return do_wp_page(vmf);
	return VM_FAULT_SIGBUS;
}
