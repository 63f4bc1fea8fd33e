/* SPDX-License-Identifier: MIT */
/* Keeps the lists of mappings of files and of the family true to the VMAs of a space. */
#include "mm/space/links.h"

/* The objects that list a VMA, outermost lock first. */
struct listed {
	struct object *object[2];
	unsigned nr;
};

static struct listed objects_of(const struct mm *mm, const struct vma *vma)
{
	struct listed listed = {.nr = 0};

	if (vma->file)
		listed.object[listed.nr++] = &vma->file->object;
	if (is_private(vma))
		listed.object[listed.nr++] = mm->family;
	return listed;
}

/* --- promises ------------------------------------------------------------------------------- */

static bool promise(const struct mm *mm, struct vma_change *change, const struct vma *vma)
{
	struct listed listed = objects_of(mm, vma);

	for (unsigned i = 0; i < listed.nr; i++) {
		if (!object_promise_mapping(listed.object[i]))
			return false;
		change->promised[change->nr_promised++] = listed.object[i];
	}
	return true;
}

/* Only one mapping can have a part on both sides of a range, and the range begins in it. */
static bool promise_cut(const struct mm *mm, struct vma_change *change, vaddr_t start)
{
	const struct vma *vma = vma_lookup(mm, start);

	return !vma || promise(mm, change, vma);
}

static bool promise_cuts(const struct mm *mm, struct vma_change *change)
{
	if (change->kind != VMA_PROTECT && !promise_cut(mm, change, change->start))
		return false;
	return change->gone_start == change->gone_end ||
	       promise_cut(mm, change, change->gone_start);
}

static struct vma made_by(const struct vma_change *change)
{
	return (struct vma){change->start, change->end, change->flags, change->pgoff, change->file};
}

static bool promise_made(struct mm *mm, struct vma_change *change)
{
	const struct vma made = made_by(change);

	if (change->kind != VMA_MAP)
		return true;
	if (is_private(&made) && !mm->family) {
		mm->family = family_create();
		if (!mm->family)
			return false;
	}
	return promise(mm, change, &made);
}

bool links_promise(struct mm *mm, struct vma_change *change)
{
	change->nr_promised = 0;
	if (promise_cuts(mm, change) && promise_made(mm, change))
		return true;
	links_drop(mm, change);
	return false;
}

static void drop_promises(struct vma_change *change)
{
	while (change->nr_promised)
		object_drop_promise(change->promised[--change->nr_promised]);
}

/* Only this space can use a family with no reference but the space's own. */
void links_drop(struct mm *mm, struct vma_change *change)
{
	drop_promises(change);
	if (!mm->family || READ_ONCE(mm->family->references) > 1)
		return;
	put_object(mm->family);
	mm->family = NULL;
}

static void use_promise(struct vma_change *change, const struct object *object)
{
	u32 i = 0;

	while (change->promised[i] != object)
		i++;
	change->promised[i] = change->promised[--change->nr_promised];
}

/* --- changes -------------------------------------------------------------------------------- */

static struct object_mapping mapping_of(struct mm *mm, const struct vma *vma)
{
	return (struct object_mapping){mm, vma->start, vma->end, vma->pgoff};
}

/* Takes the range off the lists, VMA by VMA in their order. So each step but the first begins where
 * its mapping begins, and one promise for each object is enough. The range may be empty. */
static void unlink_range(struct mm *mm, vaddr_t start, vaddr_t end, struct vma_change *change)
{
	const struct vma *vma = start < end ? find_vma_intersection(mm, start, end) : NULL;

	for (; vma && vma != mm->vmas + mm->nr_vmas && vma->start < end; vma++) {
		struct listed listed = objects_of(mm, vma);

		for (unsigned i = 0; i < listed.nr; i++)
			if (object_remove_mapping(listed.object[i], mm, max(vma->start, start),
						  min(vma->end, end)))
				use_promise(change, listed.object[i]);
	}
}

static void link_made(struct mm *mm, struct vma_change *change, const struct vma *made)
{
	struct listed listed = objects_of(mm, made);

	for (unsigned i = 0; i < listed.nr; i++) {
		object_add_mapping(listed.object[i], mapping_of(mm, made));
		use_promise(change, listed.object[i]);
	}
}

/* The moving mapping changes its place last, because the locks of its objects are kept. */
static void begin_move(struct mm *mm, struct vma_change *change, const struct vma *made)
{
	vaddr_t old = change->gone_start, old_end = old + change->moved;
	struct listed listed = objects_of(mm, made);

	for (unsigned i = 0; i < listed.nr; i++) {
		if (object_begin_move(listed.object[i], mm, old, old_end, mapping_of(mm, made)))
			use_promise(change, listed.object[i]);
		use_promise(change, listed.object[i]);
	}
	race_point(move_listed);
}

void links_change(struct mm *mm, struct vma_change *change)
{
	const struct vma made = made_by(change);

	if (change->kind != VMA_PROTECT)
		unlink_range(mm, change->start, change->end, change);
	unlink_range(mm, change->gone_start + change->moved, change->gone_end, change);
	if (change->moved) {
		begin_move(mm, change, &made);
		return;
	}
	if (change->kind == VMA_MAP)
		link_made(mm, change, &made);
	drop_promises(change);
}

void links_moved(struct mm *mm, struct vma_change *change)
{
	const struct vma made = made_by(change);
	struct listed listed = objects_of(mm, &made);

	if (!change->moved)
		return;
	while (listed.nr)
		object_end_move(listed.object[--listed.nr]);
	drop_promises(change);
}

bool links_add(struct mm *mm)
{
	for (u32 i = 0; i < mm->nr_vmas; i++) {
		struct listed listed = objects_of(mm, &mm->vmas[i]);

		for (unsigned n = 0; n < listed.nr; n++) {
			if (!object_promise_mapping(listed.object[n]))
				return false;
			object_add_mapping(listed.object[n], mapping_of(mm, &mm->vmas[i]));
		}
	}
	return true;
}

void links_remove(struct mm *mm)
{
	for (u32 i = 0; i < mm->nr_vmas; i++) {
		const struct vma *vma = &mm->vmas[i];
		struct listed listed = objects_of(mm, vma);

		for (unsigned n = 0; n < listed.nr; n++)
			object_remove_mapping(listed.object[n], mm, vma->start, vma->end);
	}
}
