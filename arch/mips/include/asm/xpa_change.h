/* SPDX-License-Identifier: MIT */
/* Changes of XPA entries (xpa.h) that are this layout's own, by the port's marked accesses:
 * included by asm/pgtable.h behind those. */
#pragma once

#include "kernel/hooks/race.h"

/* pte_mkinvalid() of the entry where it stands: one change of the word that the TLB goes by, which
 * also tells it from an entry that is only old. A TLB handler marks the other word before it lets
 * stores through, so that word is read after the change, when no handler can let any through. The
 * compare-exchange is the barrier between the two. Under the page-table lock; returns the entry as
 * it is now. */
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
 * Establishes a global entry, of the kernel's own. The TLB takes a pair as global only if both of
 * its entries say so, so an empty neighbour gets the bit as well. There is no lock over neighbours:
 * two CPUs may do this to the two slots of a pair at once. Linux mips set_pte().
 */
void set_pte_global(pte_t *ptep, pte_t pte);
