/* SPDX-License-Identifier: MIT */
/* Keeps the sorted array of an address space's mappings, finds in it, and changes it. */
#include "mm/space/vma.h"

#include "kernel/errno.h"
#include "mm/page/page.h"

const struct vma *find_vma(const struct mm *mm, vaddr_t va)
{
	u32 below = 0, above = mm->nr_vmas;

	while (below < above) {
		u32 middle = (below + above) / 2;

		if (mm->vmas[middle].end > va)
			above = middle;
		else
			below = middle + 1;
	}
	return below < mm->nr_vmas ? &mm->vmas[below] : NULL;
}

const struct vma *vma_lookup(const struct mm *mm, vaddr_t va)
{
	const struct vma *vma = find_vma(mm, va);

	return vma && vma->start <= va ? vma : NULL;
}

const struct vma *find_vma_intersection(const struct mm *mm, vaddr_t start, vaddr_t end)
{
	const struct vma *vma = find_vma(mm, start);

	return vma && vma->start < end ? vma : NULL;
}

/* --- arrays --------------------------------------------------------------------------------- */

/* Makes room for nr VMAs in directly mapped frames, *frames of them in a row. NULL if out of
 * memory. */
static struct vma *array_alloc(u32 nr, u32 *frames)
{
	struct page *page;

	*frames = 1;
	while (*frames * PAGE_SIZE < nr * sizeof(struct vma))
		*frames *= 2;
	page = alloc_pages(ZONE_DIRECT, *frames);
	return page ? phys_to_virt((paddr_t)page_to_pfn(page) << PAGE_SHIFT) : NULL;
}

static void array_free(struct vma *array, u32 frames)
{
	pfn_t pfn;

	if (!array)
		return;
	pfn = (pfn_t)(virt_to_phys(array) >> PAGE_SHIFT);
	for (u32 i = 0; i < frames; i++)
		put_page(pfn_to_page(pfn + i));
}

static void array_copy(struct vma *array, const struct vma *from, u32 nr)
{
	for (u32 i = 0; i < nr; i++)
		array[i] = from[i];
}

static void array_replace(struct mm *mm, struct vma *array, u32 nr, u32 frames)
{
	struct vma *old = mm->vmas;
	u32 old_frames = mm->vma_frames;

	mm->vmas = array;
	mm->nr_vmas = nr;
	mm->vma_frames = frames;
	array_free(old, old_frames);
}

/* --- changes -------------------------------------------------------------------------------- */

/* The part of the new array put together anew, from the lowest address to the highest. */
struct made {
	struct vma *array; /* NULL if only counted */
	struct vma last;
	u32 nr;
};

/* Adds [start, end), if it is not empty, to the last VMA if it goes on there, else as one more. */
static void add(struct made *made, vaddr_t start, vaddr_t end, u32 flags)
{
	if (start >= end)
		return;
	if (made->nr && made->last.end == start && made->last.flags == flags)
		made->last.end = end;
	else
		made->last = (struct vma){start, end, flags}, made->nr++;
	if (made->array)
		made->array[made->nr - 1] = made->last;
}

static vaddr_t lower(vaddr_t a, vaddr_t b)
{
	return a < b ? a : b;
}

static vaddr_t higher(vaddr_t a, vaddr_t b)
{
	return a < b ? b : a;
}

static u32 changed_flags(const struct vma *vma, const struct vma_change *change)
{
	return (vma->flags & ~VM_RIGHTS) | change->flags;
}

/* Finds the VMAs [first, last) in the range of the change, and those next to it, because the
 * change may make them one. All others stay as they are. */
static void find_touched(const struct mm *mm, struct vma_change *change)
{
	const struct vma *vma = change->start ? find_vma(mm, change->start - 1) : mm->vmas;

	change->first = vma ? (u32)(vma - mm->vmas) : mm->nr_vmas;
	change->last = change->first;
	while (change->last < mm->nr_vmas && mm->vmas[change->last].start <= change->end)
		change->last++;
}

/* Puts the touched mappings together as they are after the change. The parts below it come first,
 * then those left or made by it, and then the parts above it. Returns their number. */
static u32 make(const struct mm *mm, const struct vma_change *change, struct vma *array)
{
	struct made made = {.array = array};
	const struct vma *vma, *first = mm->vmas + change->first, *end = mm->vmas + change->last;

	for (vma = first; vma != end; vma++)
		add(&made, vma->start, lower(vma->end, change->start), vma->flags);
	if (change->kind == VMA_MAP)
		add(&made, change->start, change->end, change->flags);
	for (vma = first; vma != end && change->kind == VMA_PROTECT; vma++)
		add(&made, higher(vma->start, change->start), lower(vma->end, change->end),
		    changed_flags(vma, change));
	for (vma = first; vma != end; vma++)
		add(&made, higher(vma->start, change->end), vma->end, vma->flags);
	return made.nr;
}

int vma_prepare(const struct mm *mm, struct vma_change *change)
{
	find_touched(mm, change);
	change->nr = mm->nr_vmas - (change->last - change->first) + make(mm, change, NULL);
	change->array = NULL;
	change->frames = 0;
	if (change->nr > VMAS_MAX)
		return -ENOMEM;
	if (!change->nr)
		return 0;
	change->array = array_alloc(change->nr, &change->frames);
	return change->array ? 0 : -ENOMEM;
}

void vma_commit(struct mm *mm, struct vma_change *change)
{
	u32 above = mm->nr_vmas - change->last;

	array_copy(change->array, mm->vmas, change->first);
	make(mm, change, change->array ? change->array + change->first : NULL);
	for (u32 i = 1; i <= above; i++)
		change->array[change->nr - i] = mm->vmas[mm->nr_vmas - i];
	array_replace(mm, change->array, change->nr, change->frames);
}

int vma_dup(struct mm *mm, const struct mm *from)
{
	u32 frames;
	struct vma *array;

	if (!from->nr_vmas)
		return 0;
	array = array_alloc(from->nr_vmas, &frames);
	if (!array)
		return -ENOMEM;
	array_copy(array, from->vmas, from->nr_vmas);
	array_replace(mm, array, from->nr_vmas, frames);
	return 0;
}

void vma_free_all(struct mm *mm)
{
	array_replace(mm, NULL, 0, 0);
}
