/* SPDX-License-Identifier: MIT */
/* Tables that take a frame each, with slots that are 0 when empty. For asm/pgtable.h of such ports,
 * behind entry_t and entry_pfn(). */
#pragma once

#include <asm/page.h>

/* Where the table is that a present entry of an upper level points to. */
static inline paddr_t entry_table_pa(entry_t e)
{
	return (paddr_t)entry_pfn(e) << PAGE_SHIFT;
}

/* Frames in a row that a table with such slots takes: a power of two. */
static inline unsigned table_frames(entry_t none)
{
	(void)none;
	return 1;
}

/* Makes the frames a table of empty slots; none: what they hold. */
static inline void table_init(void *page, entry_t none)
{
	(void)none;
	clear_page(page);
}
