/* SPDX-License-Identifier: MIT */
/* Copies an address space. */
#include "mm/space/fork.h"

#include "kernel/errno.h"
#include "mm/page/page.h"
#include "mm/page/swap.h"
#include "mm/space/space.h"
#include "mm/space/vma.h"
#include "mm/table/batch.h"
#include "mm/table/establish.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"
#include "mm/table/swap_entry.h"

/* The child's entry names the same slot. Linux copy_nonpresent_pte(). */
static void copy_swap_pte(pte_t pte, pte_t *ptep)
{
	swap_duplicate(pte_swap_slot(pte));
	set_pte(ptep, pte);
}

/* The page is found in both spaces when it arrives, because the child is listed already. A page
 * with two entries is writable by none. Linux copy_nonpresent_pte(). */
static void copy_migration_pte(pte_t pte, pte_t *parent_ptep, pte_t *ptep)
{
	set_pte(parent_ptep, migration_wrprotect(pte));
	set_pte(ptep, migration_wrprotect(pte));
}

/* Maps the page of a parent's entry in the child as well, read-only in both. Returns whether the
 * parent lost the right to store. The page belongs to the kernel where the mapping is VM_SPECIAL,
 * and its entry never had that right. */
static bool copy_present_pte(struct mm *parent, vaddr_t va, pte_t *parent_ptep, pte_t *ptep)
{
	pte_t pte = entry_read(parent_ptep);
	bool writable = pte_access_permitted(pte, true);
	struct page *page;

	if (pte_is_swap(pte))
		copy_swap_pte(pte, ptep);
	if (pte_is_migration(pte))
		copy_migration_pte(pte, parent_ptep, ptep);
	if (!entry_present(pte))
		return false;
	if (writable)
		pte = ptep_set_wrprotect(parent, va, parent_ptep);
	page = vm_normal_page(pte);
	if (page)
		get_page(page);
	set_pte(ptep, pte_wrprotect(pte));
	return writable;
}

/* Copies the entries of [va, end), which lies in one page table of the parent. Nobody else knows
 * the child yet, but the lock of its table is taken as always, and before the parent's. */
static int copy_pte_range(struct mm *mm, struct mm *parent, pte_t *parent_ptep, vaddr_t va,
			  vaddr_t end)
{
	unsigned nr = (unsigned)((end - va) >> PAGE_SHIFT);
	pte_t *ptep = pte_alloc(mm, va);
	bool taken = false;

	if (!ptep)
		return -ENOMEM;
	pte_lock_child(ptep);
	pte_lock(parent_ptep);
	batch_settle(parent);
	for (unsigned i = 0; i < nr; i++)
		taken |= copy_present_pte(parent, va + i * PAGE_SIZE, parent_ptep + i, ptep + i);
	if (guard(fork_flush))
		flush_rights(parent, va, end, taken);
	pte_unlock(parent_ptep);
	pte_unlock_child(ptep);
	return 0;
}

/* Copies page table by page table. Parts without one in the parent are skipped. */
static int copy_page_range(struct mm *mm, struct mm *parent, const struct vma *vma)
{
	vaddr_t va, next;

	for (va = vma->start; va != vma->end; va = next) {
		pte_t *parent_ptep = pte_lookup_range(parent, va, vma->end, &next);
		int error = parent_ptep ? copy_pte_range(mm, parent, parent_ptep, va, next) : 0;

		if (error)
			return error;
	}
	return 0;
}

/* The child's faults find the pages of a shared mapping in its file. Linux vma_needs_copy(). */
static bool needs_copy(const struct vma *vma)
{
	return !(vma->flags & VM_SHARED);
}

static int copy_mappings(struct mm *mm, struct mm *parent)
{
	int error = 0;

	for (u32 i = 0; !error && i < parent->nr_vmas; i++)
		if (needs_copy(&parent->vmas[i]))
			error = copy_page_range(mm, parent, &parent->vmas[i]);
	race_point(fork_copied);
	return error;
}

/* A walk along the list of a file may run meanwhile. It comes to the parent's mapping before the
 * child's. So if an entry was copied before the walk took it from the parent, the walk finds the
 * copy later. */
static int dup_mmap(struct mm *mm, struct mm *parent)
{
	int error = vma_dup(mm, parent);

	if (!error && guard(link_before_copy))
		error = vma_link(mm);
	if (!error)
		error = copy_mappings(mm, parent);
	if (!error && !guard(link_before_copy))
		error = vma_link(mm);
	return error;
}

int dup_mm(struct mm *mm, struct mm *parent)
{
	int error;

	if (!mm_create(mm))
		return -ENOMEM;
	write_lock(&parent->mmap_lock);
	error = dup_mmap(mm, parent);
	if (error)
		mm_destroy(mm); /* while the files of unlisted mappings are there */
	write_unlock(&parent->mmap_lock);
	return error;
}
