/* SPDX-License-Identifier: MIT */
/* Changes the rights of a range. */
#include "kernel/errno.h"
#include "mm/space/mmap.h"
#include "mm/table/rights.h"

/* Returns the end of the part of [start, end), from start on, that is mapped and may have the
 * rights. *error says why it ends before `end`. */
static vaddr_t permitted_end(const struct mm *mm, vaddr_t start, vaddr_t end, u32 prot, int *error)
{
	const struct vma *vma = vma_lookup(mm, start);
	const struct vma *after = mm->vmas + mm->nr_vmas;

	*error = -ENOMEM;
	for (; vma && vma != after && vma->start <= start; vma++) {
		if (VM_MAY(prot) & ~vma->flags) {
			*error = -EACCES;
			return start;
		}
		start = vma->end;
		if (start >= end) {
			*error = 0;
			return end;
		}
	}
	return start;
}

/* PTE_* for PROT_*. Where a page is mapped at all, it can be read. */
static u32 entry_rights(u32 prot)
{
	return (prot ? PTE_USER : 0) | (prot & PROT_WRITE ? PTE_KEEP_WRITE : 0) |
	       (prot & PROT_EXEC ? PTE_EXEC : 0);
}

int do_mprotect(struct mm *mm, vaddr_t addr, size_t len, u32 prot)
{
	struct vma_change change = {.kind = VMA_PROTECT, .start = addr, .flags = prot};
	size_t rounded = ALIGN_UP(len, PAGE_SIZE);
	int stopped, error;

	if (addr % PAGE_SIZE || prot & ~VM_RIGHTS)
		return -EINVAL;
	if (!len)
		return 0;
	if (!rounded || !in_user_space(mm, addr, rounded))
		return -ENOMEM;
	if (has_special(mm, addr, addr + rounded))
		return -EPERM;
	change.end = permitted_end(mm, addr, addr + rounded, prot, &stopped);
	if (change.end == change.start)
		return stopped;
	error = vma_prepare(mm, &change);
	if (error)
		return error;
	vma_commit(mm, &change);
	protect_page_range(mm, change.start, change.end, entry_rights(prot));
	return stopped;
}
