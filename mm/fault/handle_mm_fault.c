/* SPDX-License-Identifier: MIT */
/* Finds the mapping of a fault, and sends the fault on by what its slot holds. */
#include "mm/fault/vm_fault.h"
#include "mm/space/migrate.h"
#include "mm/table/establish.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/swap_entry.h"

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

static void read_orig_pte(struct vm_fault *vmf)
{
	pte_lock(vmf->pte);
	vmf->orig_pte = entry_read(vmf->pte);
	pte_unlock(vmf->pte);
}

/* In a space without mappings tables are filled by hand, and a fault there can only be spurious. */
static enum vm_fault_result handle_bare_fault(struct vm_fault *vmf)
{
	if (vmf->address >= user_end(vmf->mm->pgd))
		return VM_FAULT_SIGSEGV;
	vmf->pte = pte_lookup(vmf->mm, vmf->address);
	if (!vmf->pte)
		return VM_FAULT_SIGSEGV;
	read_orig_pte(vmf);
	if (!lets_through(vmf->orig_pte, vmf->cause))
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
	vmf->pte = pte_alloc(vmf->mm, vmf->address);
	if (!vmf->pte)
		return VM_FAULT_OOM;
	read_orig_pte(vmf);
	if (entry_none(vmf->orig_pte))
		return vmf->vma->file ? do_fault(vmf) : do_anonymous_page(vmf);
	if (pte_is_swap(vmf->orig_pte))
		return do_swap_page(vmf);
	if (pte_is_migration(vmf->orig_pte) && guard(migration_wait)) {
		migration_entry_wait(vmf->orig_pte);
		return VM_FAULT_DONE;
	}
	if (lets_through(vmf->orig_pte, vmf->cause))
		return do_spurious_fault(vmf);
	if (vmf->cause & FAULT_WRITE && lets_through(vmf->orig_pte, vmf->cause & ~FAULT_WRITE))
		return vmf->vma->flags & VM_SHARED ? wp_page_shared(vmf) : do_wp_page(vmf);
	return VM_FAULT_SIGBUS;
}
