/* SPDX-License-Identifier: MIT */
/* Drops the pages of a range and keeps its mappings. */
#include "kernel/errno.h"
#include "mm/space/mmap.h"
#include "mm/table/zap.h"

/* Zaps the mapped parts of [start, end). Returns -ENOMEM if there is a hole among them. */
static int zap_mapped(struct mm *mm, vaddr_t start, vaddr_t end)
{
	int error = 0;

	while (start != end) {
		const struct vma *vma = find_vma_intersection(mm, start, end);

		if (!vma)
			return -ENOMEM;
		if (vma->start > start) {
			start = vma->start;
			error = -ENOMEM;
		}
		zap_page_range(mm, start, min(vma->end, end));
		start = min(vma->end, end);
	}
	return error;
}

int do_madvise(struct mm *mm, vaddr_t addr, size_t len, u32 advice)
{
	size_t rounded = ALIGN_UP(len, PAGE_SIZE);

	if (advice != MADV_DONTNEED || addr % PAGE_SIZE || (len && !rounded) ||
	    addr + rounded < addr)
		return -EINVAL;
	if (!rounded)
		return 0;
	if (has_special(mm, addr, addr + rounded))
		return -EPERM;
	return zap_mapped(mm, addr, addr + rounded);
}
