/* SPDX-License-Identifier: MIT */
/* Finds entries revived after they were taken, and takes them away. */
#include "tests/lab/revived.h"

#include "mm/table/locks.h"
#include "mm/table/pgtable.h"
#include "tests/lab/census.h"
#include "tests/lab/options.h"
#include "tests/lab/spaces.h"

static bool has_reference(const struct variant *v, struct census *census, struct page *page)
{
	return census_add(census, page)->entries <= census_references(v, page);
}

static unsigned drop_in_table(const struct variant *v, struct census *census,
			      const struct table_part *part)
{
	pte_t *ptep = part->ptep;
	unsigned dropped = 0;

	for (vaddr_t va = part->start; va != part->end; va += PAGE_SIZE, ptep++) {
		pte_t pte = entry_read(ptep);
		struct page *page = entry_present(pte) ? vm_normal_page(pte) : NULL;

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

	plant(v);
	for (unsigned n = 0; n < SPACES_MOST; n++) {
		struct mm *mm = space_at(v, n);
		struct table_part part = {.end = start};

		while (mm && next_table(mm, end, &part)) {
			pte_lock(part.ptep);
			dropped += drop_in_table(v, &census, &part);
			pte_unlock(part.ptep);
		}
	}
	return dropped;
}
