/* SPDX-License-Identifier: MIT */
/*
 * A page fault on its way, and its stations in their order:
 *
 *	mm_fault()		finds the space and takes its mmap lock
 *	handle_mm_fault()	finds the mapping and asks whether it allows the access
 *	handle_pte_fault()	tells the kind of fault by the entry
 *	do_anonymous_page()	an empty slot gets the zero page, or for a store a fresh one
 *	do_fault()		an empty slot gets a page of the file, or a copy of it
 *	do_swap_page()		a swap entry gets its page back
 *	do_wp_page()		a store to a page that may be shared gets a copy, and one to the
 *				zero page a fresh page
 *	wp_page_shared()	but not one in a shared mapping
 *	do_spurious_fault()	the entry permits the access
 *
 * Every station reads an entry, drops its table's lock to allocate and copy, and compares the
 * entry again under the lock before it changes it. If another CPU was faster, the access is simply
 * made again. Linux mm/memory.c.
 */
#pragma once

#include <asm/pgtable.h>
#include <asm/trap.h>

#include "mm/page/page.h"
#include "mm/space/vma.h"

/* The result of a fault. Linux VM_FAULT_*, as far as they have a meaning here. */
enum vm_fault_result {
	VM_FAULT_DONE,	  /* make the access again (Linux 0) */
	VM_FAULT_OOM,	  /* no memory for the page, its copy or its tables */
	VM_FAULT_SIGBUS,  /* beyond the end of the file, damaged in swap, or an unknown entry */
	VM_FAULT_SIGSEGV, /* nothing is mapped there, or not with these rights */
};

struct vm_fault {
	struct mm *mm;
	const struct vma *vma; /* NULL in a space without any */
	vaddr_t address;       /* of the page */
	u32 cause;	       /* FAULT_* */
	pte_t *pte;	       /* its slot. Tables are not freed while the mmap lock is held */
	pte_t orig_pte;	       /* as it was under the table's lock, dropped since */
};

/* Call with the mmap lock held for reading. */
enum vm_fault_result handle_mm_fault(struct mm *mm, const struct fault *fault);
enum vm_fault_result handle_pte_fault(struct vm_fault *vmf);
/* orig_pte is empty. do_fault() is for mappings with a file. */
enum vm_fault_result do_anonymous_page(struct vm_fault *vmf);
enum vm_fault_result do_fault(struct vm_fault *vmf);
/* orig_pte is a swap entry of the area. */
enum vm_fault_result do_swap_page(struct vm_fault *vmf);
/* Their last station. Establishes pte and takes over the caller's reference on the page. If another
 * CPU filled the slot meanwhile, the reference is given back. page is NULL for the zero page, which
 * has none. Linux finish_fault(). */
enum vm_fault_result finish_fault(const struct vm_fault *vmf, struct page *page, pte_t pte);
/* orig_pte is present and does not permit the store, and the mapping does. The second one is for
 * VM_SHARED. */
enum vm_fault_result do_wp_page(struct vm_fault *vmf);
enum vm_fault_result wp_page_shared(struct vm_fault *vmf);

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

/* Makes a new page an anonymous one of this mapping, so that it is found there. Linux
 * folio_add_new_anon_rmap(). */
static inline void set_page_anonymous(const struct vm_fault *vmf, struct page *page)
{
	page->object = vmf->mm->family;
	page->index = linear_page_index(vmf->vma, vmf->address);
}

/* The entry of a page that is stored to next, in a mapping with that right. */
static inline pte_t vma_writable_pte(const struct vma *vma, const struct page *page)
{
	return mk_pte(page_to_pfn(page), vma_page_prot(vma) | PTE_WRITE | PTE_DIRTY);
}
