/* SPDX-License-Identifier: MIT */
/* Tables of one frame each, with 0 in an empty slot. For asm/pgtable.h of such ports, behind
 * entry_t and entry_pfn(). */
#pragma once

#include <asm/page.h>

/* Returns the address of the table below a present entry of an upper level. */
static inline paddr_t entry_table_pa(entry_t e)
{
	return (paddr_t)entry_pfn(e) << PAGE_SHIFT;
}

/* Returns the number of adjacent frames for a table with such slots, a power of two. */
static inline unsigned table_frames(entry_t none)
{
	(void)none;
	return 1;
}

/* Makes the frames a table of empty slots, each with the value `none`. */
static inline void table_init(void *page, entry_t none)
{
	(void)none;
	clear_page(page);
}
