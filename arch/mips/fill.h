/* SPDX-License-Identifier: MIT */
/*
 * The part of our TLB handlers that reads and marks page-table entries. It makes values for
 * EntryLo0 and EntryLo1 from them, and touches no CP0 register, so arch/model can compile it too.
 *
 * Turn all interrupts of this CPU off before the first read, and leave them off until the values
 * are in the TLB. A shootdown waits for this CPU's ack, so it cannot finish in between, and no
 * entry goes from present to present inside (guard refill_irqs_off). docs/mips.md has the whole
 * argument.
 */
#pragma once

#include <asm/pgtable.h>

/* One EntryLo register, as MTC0 and MTHC0 write it. */
struct entrylo {
	u32 low, high;
};
#define ENTRYLO_D BIT(2)
#define ENTRYLO_V BIT(1)

/* An entry of the TLB, with an even page and the odd one above it. */
struct tlb_pair {
	struct entrylo page[2];
};

enum fill_answer {
	FILL_AGAIN,  /* it may be used now, read it again */
	FILL_ABSENT, /* not present */
	FILL_DENIED, /* present, but without the permission */
};

/*
 * Call after a miss, or after an access that the TLB refused, with the slot of its address in ptep.
 * Returns FILL_AGAIN if *pair, the translations of the slot and its neighbour, must go into the TLB
 * before the access is tried again. Marks an entry accessed or modified if only the mark is
 * missing. Leaves alone an entry that is being cleared.
 */
enum fill_answer fill_translation(pte_t *ptep, bool store, struct tlb_pair *pair);

/* Returns the index of the slot in its pair. */
static inline unsigned fill_is_odd(const pte_t *ptep)
{
	return virt_to_phys(ptep) / sizeof(*ptep) % 2;
}
