/* SPDX-License-Identifier: MIT */
/* The page attribute table. Each of its eight entries has a memory type, and an entry of a page
 * table chooses one of them (SDM vol. 3, 12.12). Pure code. */
#pragma once

#include "kernel/types.h"

#define MSR_PAT	    0x277u
#define PAT_ENTRIES 8u
/* The table after reset, and the behaviour of a CPU without one. It is WB, WT, UC-, UC, and the
 * same again (SDM vol. 3, table 12-12). */
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
 * Returns the entry to use for a screen. The best type is UC-. It keeps written pixels out of the
 * cache, even if memory is write-back by default, but a write-combining MTRR wins over it. After
 * reset UC- is in entry 2, so the search begins there. Firmware and loaders may have changed the
 * table. Write-combining does as well, and uncached is only slower. If none of the three is there,
 * returns entry 3, because nobody is known to change it.
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
