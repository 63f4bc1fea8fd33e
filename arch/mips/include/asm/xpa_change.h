/* SPDX-License-Identifier: MIT */
/* Changes of XPA entries (xpa.h) that only this layout needs, by the port's marked accesses.
 * asm/pgtable.h includes this behind them. */
#pragma once

#include "kernel/hooks/race.h"

/* Makes the entry invalid in place, as pte_mkinvalid(). Changes the TLB's word once, and the new
 * value tells the entry from one that is only old. A TLB handler marks the other word before it
 * lets stores through, so we read the other word after the change, when no handler can let a store
 * through. The compare-exchange is the barrier between the two. Call under the page-table lock.
 * Returns the entry's new value. */
static inline pte_t ptep_mkinvalid(pte_t *ptep)
{
	pte_t pte = {{0, 0}};
	u32 high;

	do {
		high = entry_read_word(ptep, OTHER_WORD);
		pte.word[OTHER_WORD] = high;
		pte = pte_mkinvalid(pte);
		race_point(zap_taking_present);
	} while (entry_cmpxchg_word(ptep, OTHER_WORD, high, pte.word[OTHER_WORD]) != high);
	pte.word[PRESENT_WORD] = entry_read_word(ptep, PRESENT_WORD) | XPA_PRESENT;
	atomic_or(&ptep->word[PRESENT_WORD], XPA_PRESENT);
	return pte;
}

/*
 * Establishes a global entry of the kernel's own. The TLB takes a pair as global only if both of
 * its entries say so, so an empty neighbour gets the bit as well. No lock covers neighbours, so two
 * CPUs may do this to the two slots of a pair at once. Linux mips set_pte().
 */
void set_pte_global(pte_t *ptep, pte_t pte);
