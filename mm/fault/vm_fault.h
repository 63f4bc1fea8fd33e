/* SPDX-License-Identifier: MIT */
/*
 * A page fault on its way, and its stations in their order:
 *
 *	mm_fault()		finds the space and takes its mmap lock
 *	handle_mm_fault()	finds the mapping and asks whether it allows the access
 *	handle_pte_fault()	tells the kind of fault by the entry
 *	do_anonymous_page()	an empty slot gets a fresh page
 *	do_wp_page()		a store to a page that may be shared gets a copy
 *	do_spurious_fault()	the entry permits the access
 *
 * Every station reads an entry, drops the page-table lock to allocate and copy, and compares the
 * entry again under the lock before it changes it. If another CPU was faster, the access is simply
 * made again. Linux mm/memory.c.
 */
#pragma once

#include <asm/trap.h>

#include "mm/space/vma.h"

/* The result of a fault. Linux VM_FAULT_*, as far as they have a meaning here. */
enum vm_fault_result {
	VM_FAULT_DONE,	  /* make the access again (Linux 0) */
	VM_FAULT_OOM,	  /* no memory for the page, its copy or its tables */
	VM_FAULT_SIGBUS,  /* no fault can mend the slot's entry */
	VM_FAULT_SIGSEGV, /* nothing is mapped there, or not with these rights */
};

struct vm_fault {
	struct mm *mm;
	const struct vma *vma; /* NULL in a space without any */
	vaddr_t address;       /* of the page */
	u32 cause;	       /* FAULT_* */
	pte_t *pte;	       /* its slot. Tables are not freed while the mmap lock is held */
	pte_t orig_pte;	       /* as it was under the page-table lock, dropped since */
};

/* Call with the mmap lock held for reading. */
enum vm_fault_result handle_mm_fault(struct mm *mm, const struct fault *fault);
enum vm_fault_result handle_pte_fault(struct vm_fault *vmf);
/* orig_pte is empty. */
enum vm_fault_result do_anonymous_page(struct vm_fault *vmf);
/* orig_pte is present and does not permit the store, and the mapping does. */
enum vm_fault_result do_wp_page(struct vm_fault *vmf);

/* orig_pte permitted the access, so it is made again. vma is NULL in a space without mappings. */
enum vm_fault_result do_spurious_fault(const struct vm_fault *vmf);
/* Whether the hardware makes such an access through the entry. It refuses swap entries, and entries
 * left for software alone by pte_mkinvalid(). */
bool lets_through(pte_t pte, u32 cause);

/* The rights of a page's entry in this mapping, PTE_* without PTE_WRITE. Linux vm_page_prot. */
static inline u32 vma_page_prot(const struct vma *vma)
{
	return PTE_USER | PTE_YOUNG | (vma->flags & VM_EXEC ? PTE_EXEC : 0);
}
