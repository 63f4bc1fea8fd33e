/* SPDX-License-Identifier: MIT */
/* Finds entries revived after they were taken, and takes them away. */
#include "tests/lab/revived.h"

#include "mm/table/pgtable.h"
#include "tests/lab/options.h"

/* Different frames mapped by a variant at once. Further ones count as referenced. */
#define FRAMES_MOST 64u

/* The mappings of each frame found so far. */
struct census {
	unsigned nr;
	struct {
		struct page *page;
		u32 mapped;
	} frame[FRAMES_MOST];
};

static bool is_of_the_arena(const struct variant *v, const struct page *page)
{
	for (unsigned i = 0; i < v->nr_frames; i++)
		if (v->frames[i] == page)
			return true;
	return false;
}

/* Counts one more mapping of the frame. Returns whether it has a reference. The arena has a
 * reference of its own on its frames. */
static bool has_reference(const struct variant *v, struct census *census, struct page *page)
{
	u32 references = page_count(page) - is_of_the_arena(v, page);
	unsigned i = 0;

	while (i < census->nr && census->frame[i].page != page)
		i++;
	if (i == FRAMES_MOST)
		return true;
	if (i == census->nr) {
		census->frame[i].page = page;
		census->frame[i].mapped = 0;
		census->nr++;
	}
	return page_count(page) && ++census->frame[i].mapped <= references;
}

static unsigned drop_in_table(struct variant *v, struct census *census, pte_t *ptep, unsigned nr)
{
	unsigned dropped = 0;

	for (; nr; nr--, ptep++) {
		pte_t pte = entry_read(ptep);
		struct page *page = entry_present(pte) ? pfn_to_page(entry_pfn(pte)) : NULL;

		if (!page || has_reference(v, census, page))
			continue;
		entry_get_and_clear(ptep, PTE_NONE);
		dropped++;
	}
	return dropped;
}

/* lab.revive=1, as by hardware without atomic updates of Accessed and Dirty. */
static void plant(struct variant *v)
{
	if (options.revive && v->ptep && v->nr_legal && entry_none(entry_read(v->ptep)))
		set_pte(v->ptep, v->legal[0]);
}

unsigned revived_drop(struct variant *v, vaddr_t start, vaddr_t end)
{
	struct census census = {.nr = 0};
	unsigned dropped = 0;
	vaddr_t va, next;

	plant(v);
	spin_lock(&v->mm.page_table_lock);
	for (va = start; va != end; va = next) {
		pmd_t *pmdp = pmd_lookup_range(&v->mm, va, end, &next);

		if (pmdp && entry_present(entry_read(pmdp)))
			dropped += drop_in_table(v, &census, pte_offset(pmdp, va),
						 (unsigned)((next - va) >> PAGE_SHIFT));
	}
	spin_unlock(&v->mm.page_table_lock);
	return dropped;
}
