/* SPDX-License-Identifier: MIT */
/* Checks the port's entries of pages in swap, of each slot and of each mix of two. */
#pragma once

#include "mm/table/swap_entry.h"

/* Its slot, and nothing that a walker, a fault or the hardware could take for a page. */
static bool swap_entry_names(pte_t pte, u32 slot)
{
	return pte_is_swap(pte) && pte_swap_slot(pte) == slot && !entry_present(pte) &&
	       !entry_none(pte) && !entry_leaf(pte) && !pte_access_permitted(pte, false) &&
	       !pte_access_permitted(pte, true);
}

/* One half of the entry, and one of an empty slot. */
static bool swap_half_is_told(pte_t pte, unsigned word)
{
	pte_t torn = PTE_NONE;

	torn.word[word] = pte.word[word];
	return !entry_none(torn) && !entry_present(torn) && !pte_access_permitted(torn, false);
}

/* Halves of two entries are a swap entry as well. In two words it names a third slot, if the two
 * are in different rows and columns. */
static bool swap_mix_is_third(u32 slot, u32 other)
{
	bool apart = slot / SWAP_HALF != other / SWAP_HALF && slot % SWAP_HALF != other % SWAP_HALF;
	pte_t pte = mk_swap_pte(slot);
	u32 third;

	pte.word[ENTRY_WORDS - 1] = mk_swap_pte(other).word[ENTRY_WORDS - 1];
	third = pte_swap_slot(pte);
	return third < SWAP_SLOTS && swap_entry_names(pte, third) &&
	       (ENTRY_WORDS == 1 || !apart || (third != slot && third != other));
}

/* Returns what is wrong with the port's swap entries, or NULL. */
static const char *swap_entries_wrong(void)
{
	for (u32 slot = 0; slot < SWAP_SLOTS; slot++) {
		pte_t pte = mk_swap_pte(slot);

		if (!swap_entry_names(pte, slot))
			return "an entry looks empty or present, or names another slot";
		for (unsigned word = 0; word < ENTRY_WORDS; word++)
			if (!swap_half_is_told(pte, word))
				return "a half looks empty or present";
		for (u32 other = 0; other < SWAP_SLOTS; other++)
			if (!swap_mix_is_third(slot, other))
				return "halves of two do not name a third slot";
	}
	if (pte_is_swap(PTE_NONE) || pte_is_swap(mk_pte(1, PTE_USER)) ||
	    pte_is_swap(mk_swap(SWP_AREA + 1, 1)))
		return "an entry that is none looks like one";
	return NULL;
}
