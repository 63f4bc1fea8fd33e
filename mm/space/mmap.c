/* SPDX-License-Identifier: MIT */
/* Maps and unmaps ranges of a space. */
#include "mm/space/mmap.h"

#include "kernel/errno.h"
#include "mm/table/establish.h"
#include "mm/table/pgtable.h"
#include "mm/table/zap.h"

#define MAP_TYPE   (MAP_SHARED | MAP_PRIVATE)
#define MAP_KNOWN  (MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE)
#define PROT_KNOWN (VM_RIGHTS | PROT_MAX(VM_RIGHTS))

bool in_user_space(const struct mm *mm, vaddr_t start, size_t len)
{
	vaddr_t end = user_end(mm->pgd);

	return start <= end && len <= end - start;
}

bool has_special(const struct mm *mm, vaddr_t start, vaddr_t end)
{
	const struct vma *vma = find_vma_intersection(mm, start, end);

	for (; vma && vma < mm->vmas + mm->nr_vmas && vma->start < end; vma++)
		if (vma->flags & VM_SPECIAL)
			return true;
	return false;
}

/* --- mmap ----------------------------------------------------------------------------------- */

vaddr_t lowest_gap(const struct mm *mm, size_t len)
{
	vaddr_t start = MMAP_MIN_ADDR;

	for (u32 i = 0; i < mm->nr_vmas; i++) {
		const struct vma *vma = &mm->vmas[i];

		if (vma->start > start && vma->start - start >= len)
			break;
		if (vma->end > start)
			start = vma->end;
	}
	return in_user_space(mm, start, len) ? start : (vaddr_t)-ENOMEM;
}

/* Returns where to map if no address is fixed. */
static vaddr_t place(const struct mm *mm, vaddr_t hint, size_t len)
{
	hint = ALIGN_DOWN(hint, PAGE_SIZE);
	if (hint >= MMAP_MIN_ADDR && in_user_space(mm, hint, len) &&
	    !find_vma_intersection(mm, hint, hint + len))
		return hint;
	return lowest_gap(mm, len);
}

vaddr_t check_fixed(const struct mm *mm, vaddr_t addr, size_t len, bool replace)
{
	if (addr % PAGE_SIZE)
		return (vaddr_t)-EINVAL;
	if (!in_user_space(mm, addr, len))
		return (vaddr_t)-ENOMEM;
	if (addr < MMAP_MIN_ADDR)
		return (vaddr_t)-EPERM;
	if (!replace && find_vma_intersection(mm, addr, addr + len))
		return (vaddr_t)-EEXIST;
	return has_special(mm, addr, addr + len) ? (vaddr_t)-EPERM : addr;
}

/* The rights that a mapping may ever have. */
static u32 most_rights(const struct file *file, u32 prot, u32 flags)
{
	u32 max = PROT_MAX_OF(prot) ? PROT_MAX_OF(prot) : VM_RIGHTS;

	if (file && file->flags & FILE_READ_ONLY && flags & MAP_SHARED)
		max &= ~PROT_WRITE;
	return max;
}

/* Returns 0 or the error of the arguments alone, without a look at the space. len is rounded up. */
static int check_mmap(const struct file *file, u32 pgoff, size_t len, u32 prot, u32 flags)
{
	u32 type = flags & MAP_TYPE;

	if (flags & ~MAP_KNOWN || prot & ~PROT_KNOWN)
		return -EINVAL;
	if (!type || type == MAP_TYPE || (file && flags & MAP_ANONYMOUS))
		return -EINVAL;
	if (!file && !(flags & MAP_ANONYMOUS))
		return -EBADF;
	if (prot & VM_RIGHTS & ~most_rights(file, prot, flags))
		return -EACCES;
	if (!len) /* it was rounded up to 2^32, or 2^64 */
		return -ENOMEM;
	return len >> PAGE_SHIFT > (u32)-1 - pgoff ? -EOVERFLOW : 0;
}

/* Returns where to map, or the error. */
static vaddr_t get_unmapped_area(const struct mm *mm, vaddr_t addr, size_t len, u32 flags)
{
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		return check_fixed(mm, addr, len, !(flags & MAP_FIXED_NOREPLACE));
	return place(mm, addr, len);
}

/* The arguments are right. Linux mmap_region(). */
static vaddr_t mmap_region(struct mm *mm, struct vma_change *change)
{
	int error = vma_prepare(mm, change);

	if (error)
		return (vaddr_t)error;
	if (find_vma_intersection(mm, change->start, change->end))
		zap_page_range(mm, change->start, change->end);
	vma_commit(mm, change);
	return change->start;
}

/* The mapping keeps the file. */
static vaddr_t map_shared_anonymous(struct mm *mm, struct vma_change *change)
{
	vaddr_t addr;

	change->file = file_create(change->end - change->start, 0);
	if (!change->file)
		return (vaddr_t)-ENOMEM;
	addr = mmap_region(mm, change);
	put_file(change->file);
	return addr;
}

vaddr_t do_mmap_file(struct mm *mm, struct file *file, u32 pgoff, vaddr_t addr, size_t len,
		     u32 prot, u32 flags)
{
	struct vma_change change = {.kind = VMA_MAP, .file = file, .pgoff = pgoff};
	int error;

	if (!len)
		return (vaddr_t)-EINVAL;
	len = ALIGN_UP(len, PAGE_SIZE);
	error = check_mmap(file, pgoff, len, prot, flags);
	if (error)
		return (vaddr_t)error;
	addr = get_unmapped_area(mm, addr, len, flags);
	if (is_error(addr))
		return addr;
	change.start = addr;
	change.end = addr + len;
	if (!file && !(flags & MAP_SHARED))
		change.pgoff = first_pgoff(addr);
	change.flags = (prot & VM_RIGHTS) | VM_MAY(most_rights(file, prot, flags)) |
		       (flags & MAP_SHARED ? VM_SHARED : 0);
	if (!file && flags & MAP_SHARED)
		return map_shared_anonymous(mm, &change);
	return mmap_region(mm, &change);
}

/* --- munmap --------------------------------------------------------------------------------- */

void free_tables(struct mm *mm, vaddr_t start, vaddr_t end)
{
	const vaddr_t table = (vaddr_t)1 << PMD_SHIFT;
	const struct vma *next = find_vma(mm, start);
	const struct vma *after = mm->vmas + mm->nr_vmas;
	vaddr_t floor = 0, ceiling = next ? next->start : user_end(mm->pgd);

	if (!next)
		next = after;
	if (next != mm->vmas)
		floor = (next - 1)->end;
	floor = ALIGN_UP(floor, table);
	ceiling = ALIGN_DOWN(ceiling, table);
	start = ALIGN_DOWN(start, table);
	end = ALIGN_UP(end, table);
	start = start < floor ? floor : start;
	end = end > ceiling ? ceiling : end;
	if (start < end)
		free_pgtables(mm, start, end);
}

int do_munmap(struct mm *mm, vaddr_t addr, size_t len)
{
	struct vma_change change = {.kind = VMA_UNMAP, .start = addr};
	int error;

	len = ALIGN_UP(len, PAGE_SIZE);
	if (addr % PAGE_SIZE || !len || !in_user_space(mm, addr, len))
		return -EINVAL;
	change.end = addr + len;
	if (has_special(mm, change.start, change.end))
		return -EPERM;
	if (!find_vma_intersection(mm, change.start, change.end))
		return 0;
	error = vma_prepare(mm, &change);
	if (error)
		return error;
	zap_page_range(mm, change.start, change.end);
	vma_commit(mm, &change); /* before the tables go, because until then files lead to them */
	free_tables(mm, change.start, change.end);
	return 0;
}

/* --- the kernel's own ----------------------------------------------------------------------- */

bool install_special_mapping(struct mm *mm, vaddr_t va, pte_t pte, u32 flags)
{
	struct vma_change change = {.kind = VMA_MAP,
				    .start = va,
				    .end = va + PAGE_SIZE,
				    .flags = flags | VM_SPECIAL,
				    .pgoff = first_pgoff(va)};

	if (vma_prepare(mm, &change))
		return false;
	vma_commit(mm, &change);
	return mm_establish(mm, va, pte);
}
