/* SPDX-License-Identifier: MIT */
/*
 * The entry of a page in swap names its slot in the swap area (mm/page/swap.h).
 *
 * A slot has a row and a column. In an entry of two words they lie in its two halves. Both begin
 * with 1, and the type is not 0. So neither half is that of an empty slot, and a reader without the
 * lock does not take half a swap entry and half an empty slot for "empty". It may get the halves of
 * two swap entries. They name a third slot, perhaps one in use, so only readers with the table's
 * lock may go by the slot. In Linux include/linux/swapops.h on PAE the type is in the upper half,
 * and the offset in both.
 *
 * A space without mappings can have entries of other types, made by hand. They name no slot of the
 * area, and nothing is counted for them.
 */
#pragma once

#include <asm/pgtable.h>

/* The type of an entry for the area. */
#define SWP_AREA 2u

_Static_assert(SWAP_HALF < 1u << (31 - SPLIT_PFN_SHIFT), "a row fits into the upper half");

/* Linux swp_entry_to_pte(swp_entry(type, slot)). */
static inline pte_t mk_swap_pte(u32 slot)
{
	u32 row = slot / SWAP_HALF + 1, column = slot % SWAP_HALF + 1;

	return mk_swap(SWP_AREA, row << SPLIT_PFN_SHIFT | column);
}

/* Linux is_swap_pte(), and not a non_swap_entry(). */
static inline bool pte_is_swap(pte_t pte)
{
	return !entry_present(pte) && !entry_none(pte) && pte_swap_type(pte) == SWP_AREA;
}

/* Call with an entry for which pte_is_swap() is true. Linux swp_offset(pte_to_swp_entry()). */
static inline u32 pte_swap_slot(pte_t pte)
{
	u32 offset = pte_swap_offset(pte);
	u32 row = (offset >> SPLIT_PFN_SHIFT) - 1,
	    column = (offset & (BIT(SPLIT_PFN_SHIFT) - 1)) - 1;

	return row * SWAP_HALF + column;
}
