/* SPDX-License-Identifier: MIT */
/* Copies an address space. */
#include "mm/space/fork.h"

#include "kernel/errno.h"
#include "mm/page/page.h"
#include "mm/space/space.h"
#include "mm/space/vma.h"
#include "mm/table/establish.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"

/* Maps the page of a parent's entry in the child as well, read-only in both. Returns whether the
 * parent lost the right to store. The page belongs to the kernel where the mapping is VM_SPECIAL,
 * and its entry never had that right. */
static bool copy_present_pte(struct mm *parent, vaddr_t va, pte_t *parent_ptep, pte_t *ptep)
{
	pte_t pte = entry_read(parent_ptep);
	bool writable = pte_access_permitted(pte, true);

	if (!entry_present(pte))
		return false;
	if (writable)
		pte = ptep_set_wrprotect(parent, va, parent_ptep);
	get_page(pfn_to_page(entry_pfn(pte)));
	set_pte(ptep, pte_wrprotect(pte));
	return writable;
}

/* Copies the entries of [va, end), which lies in one page table. Nobody else knows the child yet,
 * but its lock is taken for its tables as always, and before the parent's. */
static int copy_pte_range(struct mm *mm, struct mm *parent, vaddr_t va, vaddr_t end)
{
	pte_t *ptep, *parent_ptep;
	vaddr_t start = va;
	bool taken = false;

	tables_lock(mm);
	ptep = pte_alloc(mm, va);
	tables_unlock(mm);
	if (!ptep)
		return -ENOMEM;
	tables_lock(parent);
	parent_ptep = pte_lookup(parent, va);
	for (; parent_ptep && va != end; va += PAGE_SIZE)
		taken |= copy_present_pte(parent, va, parent_ptep++, ptep++);
	if (guard(fork_flush))
		flush_rights(parent, start, end, taken);
	tables_unlock(parent);
	return 0;
}

/* Copies page table by page table. Parts without one in the parent are skipped. */
static int copy_page_range(struct mm *mm, struct mm *parent, const struct vma *vma)
{
	vaddr_t va, next;

	for (va = vma->start; va != vma->end; va = next) {
		pmd_t *pmdp;
		int error;

		tables_lock(parent);
		pmdp = pmd_lookup_range(parent, va, vma->end, &next);
		if (pmdp && !entry_present(entry_read(pmdp)))
			pmdp = NULL;
		tables_unlock(parent);
		error = pmdp ? copy_pte_range(mm, parent, va, next) : 0;
		if (error)
			return error;
	}
	return 0;
}

static int dup_mmap(struct mm *mm, struct mm *parent)
{
	int error = vma_dup(mm, parent);

	for (u32 i = 0; !error && i < parent->nr_vmas; i++)
		error = copy_page_range(mm, parent, &parent->vmas[i]);
	return error;
}

int dup_mm(struct mm *mm, struct mm *parent)
{
	int error;

	if (!mm_create(mm))
		return -ENOMEM;
	write_lock(&parent->mmap_lock);
	error = dup_mmap(mm, parent);
	write_unlock(&parent->mmap_lock);
	if (error)
		mm_destroy(mm);
	return error;
}
