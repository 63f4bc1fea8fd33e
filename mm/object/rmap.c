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

/* Takes the right to store from the entry of va, if it names the page. A copy in a private mapping
 * is another page. Linux page_vma_mkclean_one(). */
static void mkclean_one(struct mm *mm, vaddr_t va, const struct page *page)
{
	pte_t *ptep = pte_lookup(mm, va);
	pte_t pte;

	if (!ptep)
		return;
	pte_lock(ptep);
	pte = entry_read(ptep);
	if (entry_present(pte) && vm_normal_page(pte) == page &&
	    (pte_access_permitted(pte, true) || pte_dirty(pte))) {
		ptep_set_wrprotect_clean(mm, va, ptep);
		if (guard(clean_flush))
			flush_cleared(mm, va, va + PAGE_SIZE);
	}
	pte_unlock(ptep);
}

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

void page_mkclean(struct file *file, u32 index)
{
	struct rmap_walk walk = {.object = &file->object, .index = index};

	object_lock(walk.object);
	while (rmap_next(&walk))
		mkclean_one(walk.mm, walk.va, file->cache[index].page);
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
