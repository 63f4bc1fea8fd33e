/* SPDX-License-Identifier: MIT */
/* Finds a page in all spaces. */
#include "mm/object/file.h"

#include "mm/page/page.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/rights.h"
#include "mm/table/zap.h"

/* Returns whether the mapping has a page of this number, and its address. Numbers may wrap, and no
 * mapping has all of them. */
static bool address_of(const struct object_mapping *mapping, u32 index, vaddr_t *va)
{
	u32 nr = (u32)((mapping->end - mapping->start) >> PAGE_SHIFT);
	u32 n = index - mapping->pgoff;

	*va = mapping->start + (vaddr_t)n * PAGE_SIZE;
	return n < nr;
}

bool rmap_next(struct rmap_walk *walk)
{
	const struct object *object = walk->object;

	while (object && walk->next < object->nr_mappings) {
		const struct object_mapping *mapping = &object->mappings[walk->next++];

		if (!address_of(mapping, walk->index, &walk->va))
			continue;
		walk->mm = mapping->mm;
		return true;
	}
	return false;
}

pte_t *rmap_next_slot(struct rmap_walk *walk)
{
	while (rmap_next(walk)) {
		pte_t *ptep = pte_lookup(walk->mm, walk->va);

		if (!ptep)
			continue;
		pte_lock(ptep);
		walk->pte = entry_read(ptep);
		return ptep;
	}
	return NULL;
}

pte_t *rmap_next_entry(struct rmap_walk *walk, const struct page *page)
{
	pte_t *ptep;

	while ((ptep = rmap_next_slot(walk))) {
		if (entry_present(walk->pte) && vm_normal_page(walk->pte) == page)
			return ptep;
		pte_unlock(ptep);
	}
	return NULL;
}

/* Takes the right to store from the entry. Linux page_vma_mkclean_one(). */
static void mkclean_one(const struct rmap_walk *walk, pte_t *ptep)
{
	if (!pte_access_permitted(walk->pte, true) && !pte_dirty(walk->pte))
		return;
	ptep_set_wrprotect_clean(walk->mm, walk->va, ptep);
	if (guard(clean_flush))
		flush_cleared(walk->mm, walk->va, walk->va + PAGE_SIZE);
}

void page_mkclean(struct file *file, u32 index)
{
	struct rmap_walk walk = {.object = &file->object, .index = index};
	pte_t *ptep;

	object_lock(walk.object);
	while ((ptep = rmap_next_entry(&walk, file->cache[index].page))) {
		mkclean_one(&walk, ptep);
		pte_unlock(ptep);
	}
	object_unlock(walk.object);
}

void unmap_mapping_page(struct file *file, u32 index)
{
	struct rmap_walk walk = {.object = &file->object, .index = index};

	object_lock(walk.object);
	while (rmap_next(&walk))
		zap_page_range(walk.mm, walk.va, walk.va + PAGE_SIZE);
	object_unlock(walk.object);
}
