/* SPDX-License-Identifier: MIT */
/* Counts entries, and the references that they may have. */
#include "tests/lab/census.h"

#include "kernel/printk.h"

struct counted *census_add(struct census *census, struct page *page)
{
	struct counted *counted = census->counted;

	while (counted < census->counted + census->nr && counted->page != page)
		counted++;
	if (counted == census->counted + census->nr) {
		if (census->nr == CENSUS_MOST)
			panic("a variant maps more than %u pages: see CENSUS_MOST", CENSUS_MOST);
		*counted = (struct counted){.page = page};
		census->nr++;
	}
	counted->entries++;
	return counted;
}

u32 census_references(const struct variant *v, struct page *page)
{
	u32 references = page_count(page);

	if (v->driver == page && references)
		references--;
	for (unsigned i = 0; i < v->nr_frames; i++)
		if (v->frames[i] == page)
			return references ? references - 1 : 0;
	return references;
}
