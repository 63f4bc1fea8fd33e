/* SPDX-License-Identifier: MIT */
/* Keeps the sorted array of an address space's mappings, finds in it, and changes it. */
#include "mm/space/vma.h"

#include "kernel/errno.h"
#include "mm/page/exact.h"
#include "mm/space/links.h"

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

/* Makes room for nr VMAs. NULL if out of memory. */
static struct vma *array_alloc(u32 nr)
{
	return alloc_pages_exact(nr * sizeof(struct vma));
}

static void array_free(struct vma *array, u32 nr)
{
	free_pages_exact(array, nr * sizeof(struct vma));
}

static void array_copy(struct vma *array, const struct vma *from, u32 nr)
{
	for (u32 i = 0; i < nr; i++)
		array[i] = from[i];
}

static void array_replace(struct mm *mm, struct vma *array, u32 nr)
{
	array_free(mm->vmas, mm->nr_vmas);
	mm->vmas = array;
	mm->nr_vmas = nr;
}

/* --- changes -------------------------------------------------------------------------------- */

/* The part of the new array put together anew, from the lowest address to the highest. */
struct made {
	struct vma *array; /* NULL if only counted */
	struct vma last;
	u32 nr;
};

static bool goes_on(const struct vma *last, const struct vma *vma)
{
	return last->end == vma->start && last->flags == vma->flags && last->file == vma->file &&
	       linear_page_index(last, vma->start) == vma->pgoff &&
	       (vma->end - last->start) >> PAGE_SHIFT <= (u32)-1;
}

/* Adds a VMA, if it is not empty, to the last one if it goes on there, else as one more. */
static void add(struct made *made, struct vma vma)
{
	if (vma.start >= vma.end)
		return;
	if (made->nr && goes_on(&made->last, &vma))
		made->last.end = vma.end;
	else
		made->last = vma, made->nr++;
	if (made->array)
		made->array[made->nr - 1] = made->last;
}

/* The part of a VMA in [start, end), which may be empty. */
static struct vma part(const struct vma *vma, vaddr_t start, vaddr_t end)
{
	struct vma part = *vma;

	part.start = max(vma->start, start);
	part.end = min(vma->end, end);
	part.pgoff = linear_page_index(vma, part.start);
	return part;
}

/* Adds the part of a VMA in [start, end) that the change leaves as it is, if it is not in
 * [change->start, change->end). */
static void add_left(struct made *made, const struct vma_change *change, const struct vma *vma,
		     vaddr_t start, vaddr_t end)
{
	add(made, part(vma, start, min(end, change->gone_start)));
	add(made, part(vma, max(start, change->gone_end), end));
}

static struct vma protected_part(const struct vma *vma, const struct vma_change *change)
{
	struct vma changed = part(vma, change->start, change->end);

	changed.flags = (vma->flags & ~VM_RIGHTS) | change->flags;
	return changed;
}

/* Finds the VMAs [first, last) in the ranges of the change, between them and next to them,
 * because the change may make them one. All others stay as they are. */
static void find_touched(const struct mm *mm, struct vma_change *change)
{
	bool gone = change->gone_start < change->gone_end;
	vaddr_t start = gone ? min(change->start, change->gone_start) : change->start;
	vaddr_t end = max(change->end, change->gone_end);
	const struct vma *vma = start ? find_vma(mm, start - 1) : mm->vmas;

	change->first = vma ? (u32)(vma - mm->vmas) : mm->nr_vmas;
	change->last = change->first;
	while (change->last < mm->nr_vmas && mm->vmas[change->last].start <= end)
		change->last++;
}

/* Puts the touched mappings together as they are after the change. The parts below it come first,
 * then those left or made by it, and then the parts above it. Returns their number. */
static u32 make(const struct mm *mm, const struct vma_change *change, struct vma *array)
{
	struct made made = {.array = array};
	const struct vma *vma, *first = mm->vmas + change->first, *end = mm->vmas + change->last;

	for (vma = first; vma != end; vma++)
		add_left(&made, change, vma, vma->start, change->start);
	if (change->kind == VMA_MAP)
		add(&made, (struct vma){change->start, change->end, change->flags, change->pgoff,
					change->file});
	for (vma = first; vma != end && change->kind == VMA_PROTECT; vma++)
		add(&made, protected_part(vma, change));
	for (vma = first; vma != end; vma++)
		add_left(&made, change, vma, change->end, vma->end);
	return made.nr;
}

int vma_prepare(struct mm *mm, struct vma_change *change)
{
	find_touched(mm, change);
	change->nr = mm->nr_vmas - (change->last - change->first) + make(mm, change, NULL);
	change->array = NULL;
	if (change->nr > VMAS_MAX || !links_promise(mm, change))
		return -ENOMEM;
	if (!change->nr)
		return 0;
	change->array = array_alloc(change->nr);
	if (change->array)
		return 0;
	links_drop(mm, change);
	return -ENOMEM;
}

void vma_commit(struct mm *mm, struct vma_change *change)
{
	u32 above = mm->nr_vmas - change->last;

	links_change(mm, change);
	array_copy(change->array, mm->vmas, change->first);
	make(mm, change, change->array ? change->array + change->first : NULL);
	for (u32 i = 1; i <= above; i++)
		change->array[change->nr - i] = mm->vmas[mm->nr_vmas - i];
	array_replace(mm, change->array, change->nr);
}

void vma_moved(struct mm *mm, struct vma_change *change)
{
	links_moved(mm, change);
}

int vma_dup(struct mm *mm, const struct mm *from)
{
	struct vma *array;

	if (!from->nr_vmas)
		return 0;
	array = array_alloc(from->nr_vmas);
	if (!array)
		return -ENOMEM;
	array_copy(array, from->vmas, from->nr_vmas);
	mm->family = from->family;
	if (mm->family)
		get_object(mm->family);
	array_replace(mm, array, from->nr_vmas);
	return 0;
}

int vma_link(struct mm *mm)
{
	return links_add(mm) ? 0 : -ENOMEM;
}

void vma_free_all(struct mm *mm)
{
	links_remove(mm);
	if (mm->family)
		put_object(mm->family);
	mm->family = NULL;
	array_replace(mm, NULL, 0);
}
