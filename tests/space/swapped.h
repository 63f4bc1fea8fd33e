/* SPDX-License-Identifier: MIT */
/* Helpers for scenarios that begin with a page in swap. */
#pragma once

#include "mm/page/swap.h"
#include "mm/table/swap_entry.h"
#include "tests/lab/driver.h"
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

/* Each word of the page. */
#define WORD 0x5a7eu

/* Maps private memory at the tested address, and its first page has the words. */
static inline bool map_page_of_words(struct variant *v, unsigned pages)
{
	struct page *page = alloc_page(ZONE_DIRECT);

	if (!page || is_error(do_mmap(&v->mm, v->va, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		return false;
	fill_page(page_map(page_to_pfn(page), WINDOW_A), WORD);
	return lab_map_anonymous(v, v->va, page, PTE_USER | PTE_YOUNG);
}

/* The same, and the page is in swap. */
static inline bool map_swapped_page(struct variant *v, unsigned pages)
{
	return map_page_of_words(v, pages) && !page_out(&v->mm, v->va);
}

/* Returns whether a role gave a slot back that was free, and which one in *role. */
static inline bool freed_twice_by(unsigned *role)
{
	for (*role = 0; *role < 2; ++*role)
		if (lab_when(*role, RACE_swap_freed_twice, 1))
			return true;
	return false;
}
