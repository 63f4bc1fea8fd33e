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

/* even: the first slot of the two. Lockless. */
void fill_pair(pte_t *even, struct tlb_pair *pair);

/*
 * After a load, or a store, at an entry that fill_pair() does not let through: what has to be done.
 * Marks it accessed, or modified, if that is what keeps the TLB from using it. Lockless: an entry
 * that is being cleared is left alone.
 */
enum fill_answer fill_touch(pte_t *ptep, bool store);

static inline bool fill_permits(const struct entrylo *page, bool store)
{
	u32 need = ENTRYLO_V | (store ? ENTRYLO_D : 0);

	return (page->low & need) == need;
}
