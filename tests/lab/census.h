/* SPDX-License-Identifier: MIT */
/* Counts the entries of each page. Pure code but for the count in struct page. */
#pragma once

#include "tests/lab/lab.h"

/* More different pages than any variant maps at once. */
#define CENSUS_MOST 128u

struct census {
	unsigned nr;
	struct counted {
		struct page *page;
		u32 entries;
		bool writable; /* by one of them */
		bool cached;   /* by a file, which has one more reference on it */
	} counted[CENSUS_MOST];
	u32 swapped[SWAP_SLOTS]; /* entries of each slot of the swap area */
};

/* Counts one more entry of the page. A page more than there is room for stops the machine. */
struct counted *census_add(struct census *census, struct page *page);
/* Returns the page's references without the one of the arena, which has one on each of its frames,
 * and without the driver's. Each entry should have one of these. */
u32 census_references(const struct variant *v, struct page *page);
