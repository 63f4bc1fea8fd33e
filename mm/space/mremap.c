/* SPDX-License-Identifier: MIT */
/* Makes a mapping shorter or longer, or moves it to another address. */
#include "kernel/errno.h"
#include "mm/space/mmap.h"
#include "mm/table/move.h"
#include "mm/table/zap.h"

#define MREMAP_KNOWN (MREMAP_MAYMOVE | MREMAP_FIXED)

/* Linux struct vma_remap_struct. The lengths are whole pages. */
struct remap {
	const struct vma *vma; /* the mapping at addr */
	vaddr_t addr, new_addr;
	size_t old_len, new_len;
};

static bool overlap(const struct remap *r)
{
	return r->addr < r->new_addr ? r->new_addr - r->addr < r->old_len
				     : r->addr - r->new_addr < r->new_len;
}

/* Returns 0, or why len bytes of the mapping cannot move or grow. Linux vma_to_resize(). */
static int check_old(const struct remap *r, size_t len)
{
	u32 before = r->vma->file ? linear_page_index(r->vma, r->addr) : 0;
	bool too_long = r->new_len >> PAGE_SHIFT > (u32)-1 - before; /* a page had no number */

	if (!len)
		return -EINVAL; /* Linux maps shared memory a second time */
	if (len > r->vma->end - r->addr)
		return -EFAULT;
	if (too_long)
		return r->vma->file ? -EINVAL : -ENOMEM;
	return 0;
}

/* Frees the tables made by move_alloc_tables() in vain. Those within a mapping stay, and it uses
 * them. */
static void free_unused_tables(struct mm *mm, vaddr_t start, vaddr_t end)
{
	while (start < end) {
		const struct vma *vma = find_vma_intersection(mm, start, end);
		vaddr_t hole_end = vma ? vma->start : end;

		if (start < hole_end)
			free_tables(mm, start, hole_end);
		start = vma ? vma->end : end;
	}
}

/* All memory is allocated before anything changes. Linux move_vma(). */
static vaddr_t move_vma(struct mm *mm, const struct remap *r)
{
	vaddr_t end = r->addr + r->old_len, new_end = r->new_addr + r->new_len;
	size_t len = min(r->old_len, r->new_len);
	struct vma_change change = {.kind = VMA_MAP,
				    .start = r->new_addr,
				    .end = new_end,
				    .gone_start = r->addr,
				    .gone_end = end,
				    .moved = len,
				    .flags = r->vma->flags,
				    .file = r->vma->file,
				    .pgoff = linear_page_index(r->vma, r->addr)};

	if (!move_alloc_tables(mm, r->addr, r->new_addr, len) || vma_prepare(mm, &change)) {
		free_unused_tables(mm, r->new_addr, new_end);
		return (vaddr_t)-ENOMEM;
	}
	if (find_vma_intersection(mm, r->new_addr, new_end))
		zap_page_range(mm, r->new_addr, new_end);
	if (r->addr + len < end)
		zap_page_range(mm, r->addr + len, end);
	vma_commit(mm, &change);
	move_page_tables(mm, r->addr, r->new_addr, len);
	vma_moved(mm, &change);
	free_tables(mm, r->addr, end);
	return r->new_addr;
}

/* MREMAP_FIXED. Linux mremap_to(). */
static vaddr_t remap_to(struct mm *mm, const struct remap *r)
{
	vaddr_t result;
	int error;

	if (r->new_addr % PAGE_SIZE || !in_user_space(mm, r->new_addr, r->new_len) || overlap(r))
		return (vaddr_t)-EINVAL;
	error = check_old(r, min(r->old_len, r->new_len));
	if (error)
		return (vaddr_t)error;
	if (has_special(mm, r->addr, r->addr + r->old_len))
		return (vaddr_t)-EPERM;
	result = check_fixed(mm, r->new_addr, r->new_len, true);
	return is_error(result) ? result : move_vma(mm, r);
}

static vaddr_t shrink(struct mm *mm, const struct remap *r)
{
	int error = 0;

	if (r->old_len > r->new_len)
		error = do_munmap(mm, r->addr + r->new_len, r->old_len - r->new_len);
	return error ? (vaddr_t)error : r->addr;
}

/* Whether the mapping can grow where it is. Linux vma_expandable(). */
static bool expandable(const struct mm *mm, const struct remap *r)
{
	return r->old_len == r->vma->end - r->addr && in_user_space(mm, r->addr, r->new_len) &&
	       !find_vma_intersection(mm, r->vma->end, r->addr + r->new_len);
}

static vaddr_t expand(struct mm *mm, const struct remap *r)
{
	struct vma_change change = {.kind = VMA_MAP,
				    .start = r->vma->end,
				    .end = r->addr + r->new_len,
				    .flags = r->vma->flags,
				    .file = r->vma->file,
				    .pgoff = linear_page_index(r->vma, r->vma->end)};
	int error = vma_prepare(mm, &change);

	if (error)
		return (vaddr_t)error;
	vma_commit(mm, &change);
	return r->addr;
}

static vaddr_t grow(struct mm *mm, struct remap *r, bool may_move)
{
	int error = check_old(r, r->old_len);

	if (error)
		return (vaddr_t)error;
	if (expandable(mm, r))
		return expand(mm, r);
	if (!may_move)
		return (vaddr_t)-ENOMEM;
	r->new_addr = lowest_gap(mm, r->new_len);
	return is_error(r->new_addr) ? r->new_addr : move_vma(mm, r);
}

vaddr_t do_mremap(struct mm *mm, vaddr_t addr, size_t old_len, size_t new_len, u32 flags,
		  vaddr_t new_addr)
{
	struct remap r = {.vma = vma_lookup(mm, addr),
			  .addr = addr,
			  .new_addr = new_addr,
			  .old_len = ALIGN_UP(old_len, PAGE_SIZE),
			  .new_len = ALIGN_UP(new_len, PAGE_SIZE)};

	if (flags & ~MREMAP_KNOWN || (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)))
		return (vaddr_t)-EINVAL;
	if (addr % PAGE_SIZE || !r.new_len)
		return (vaddr_t)-EINVAL;
	if (!r.vma)
		return (vaddr_t)-EFAULT;
	if (r.vma->flags & VM_SPECIAL)
		return (vaddr_t)-EPERM;
	if (r.old_len > r.new_len && !in_user_space(mm, addr, r.old_len))
		return (vaddr_t)-EINVAL;
	if (flags & MREMAP_FIXED)
		return remap_to(mm, &r);
	if (r.old_len >= r.new_len)
		return shrink(mm, &r);
	return grow(mm, &r, flags & MREMAP_MAYMOVE);
}
