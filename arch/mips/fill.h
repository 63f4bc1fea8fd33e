/* SPDX-License-Identifier: MIT */
/*
 * What our TLB handlers do with page-table entries: entries in, values for EntryLo0 and EntryLo1
 * out. No CP0 register is touched here, so that arch/model can compile it.
 *
 * The caller has all interrupts of this CPU off from before the first read until the values are in
 * the TLB: so a shootdown, which waits for this CPU's ack, cannot finish in between, no entry goes
 * from present to present inside (guard refill_irqs_off). docs/mips.md has the whole argument.
 */
#pragma once

#include <asm/pgtable.h>

/* One EntryLo register: what MTC0 and MTHC0 write. */
struct entrylo {
	u32 low, high;
};
#define ENTRYLO_D BIT(2)
#define ENTRYLO_V BIT(1)

/* An entry of the TLB: an even page and the odd one above it. */
struct tlb_pair {
	struct entrylo page[2];
};

enum fill_answer {
	FILL_AGAIN,  /* it may be used now: read it again */
	FILL_ABSENT, /* not present */
	FILL_DENIED, /* present, but not for this */
};

/*
 * After a miss, or an access that the TLB did not let through, at an address whose slot is ptep.
 * FILL_AGAIN: *pair, of the slot and its neighbour, goes into the TLB, and the access is tried
 * again. An entry that only has to be marked accessed, or modified, is marked; one that is being
 * cleared is left alone.
 */
enum fill_answer fill_translation(pte_t *ptep, bool store, struct tlb_pair *pair);

/* Which of its pair. */
static inline unsigned fill_is_odd(const pte_t *ptep)
{
	return virt_to_phys(ptep) / sizeof(*ptep) % 2;
}
