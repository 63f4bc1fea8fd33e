/* SPDX-License-Identifier: MIT */
/* Finds frames that may be kept for long. */
#include "mm/page/page.h"

/* Gives the frames of a list back. It is linked by `next` while they are this caller's. */
static void give_back(pfn_t refused)
{
	while (refused != PFN_NONE) {
		struct page *page = pfn_to_page(refused);

		refused = page->next;
		page->next = PFN_NONE;
		put_page(page);
	}
}

struct page *alloc_page_longterm(void)
{
	pfn_t refused = PFN_NONE;
	struct page *page;

	while ((page = alloc_page(ZONE_DIRECT)) && !page_allows_longterm(page)) {
		page->next = refused;
		refused = page_to_pfn(page);
	}
	give_back(refused);
	return page;
}
