/* SPDX-License-Identifier: MIT */
/* Makes the zero page, and pages that begin as zeros. */
#include "mm/page/zero.h"

pfn_t zero_pfn = PFN_NONE;

void zero_page_init(pfn_t pfn)
{
	const struct page *page = pfn_to_page(pfn);

	assert(page && !READ_ONCE(page->count) && page->prev == PFN_NONE);
	clear_page(page_map(pfn, WINDOW_A));
	zero_pfn = pfn;
}

struct page *alloc_zeroed_page(void)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	if (page)
		clear_page(page_map(page_to_pfn(page), WINDOW_A));
	return page;
}
