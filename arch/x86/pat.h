/* SPDX-License-Identifier: MIT */
/* The page attribute table: eight memory types, one of which an entry of a page table chooses (SDM
 * vol. 3, 12.12). Pure code. */
#pragma once

#include "kernel/types.h"

#define MSR_PAT	    0x277u
#define PAT_ENTRIES 8u
/* After reset, and what a CPU without a PAT does: WB, WT, UC-, UC, and the same again (SDM vol. 3,
 * table 12-12). */
#define PAT_RESET 0x0007040600070406ull

/* SDM vol. 3, table 12-10. */
#define PAT_UC	     0u
#define PAT_WC	     1u
#define PAT_UC_MINUS 7u

static inline unsigned pat_type(u64 pat, unsigned entry)
{
	return (unsigned)(pat >> 8 * entry) & 7;
}

/*
 * Which entry to use for a screen. UC-: what is written is never kept in a cache, even where memory
 * is write-back by default, and yet an MTRR that says write-combining wins. After reset that is
 * entry 2, which is looked at first. Firmware and loaders may have changed the table, to
 * write-combining for instance; that does as well, and uncached is only slower. If there is none of
 * these, entry 3, which nobody is known to change.
 */
static inline unsigned pat_for_pixels(u64 pat)
{
	const unsigned wanted[] = {PAT_UC_MINUS, PAT_WC, PAT_UC};

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		for (unsigned n = 2; n < PAT_ENTRIES + 2; n++)
			if (pat_type(pat, n % PAT_ENTRIES) == wanted[i])
				return n % PAT_ENTRIES;
	return 3;
}
