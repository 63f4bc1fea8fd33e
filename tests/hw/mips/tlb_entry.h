/* SPDX-License-Identifier: MIT */
/* Direct access to entries of this CPU's TLB. Keep all interrupts off around these, because a
 * handler that fills the TLB uses the same registers. */
#pragma once

#include <asm/cp0.h>
#include <asm/irq.h>
#include <asm/tlb.h>

#include "tests/lab/lab.h"

#define PAIR_SIZE     (2 * PAGE_SIZE)
#define NOT_FOUND     ~0u
#define ENTRYLO_V     BIT(1)
#define ENTRYLO_PAGE  6u		    /* the frame's number, in the lower half */
#define ENTRYLO_STATE (5u << 3 | ENTRYLO_V) /* cached and coherent, valid, clean */

struct tlb_entry {
	u32 hi;
	struct {
		u32 low, high;
	} lo[2];
};

static inline unsigned tlb_size(void)
{
	return config1_mmu_size(cp0_config(1)) + 1;
}

static inline u32 this_asid(void)
{
	return cp0_entryhi() & ENTRYHI_ASID;
}

static inline void entry_to_registers(const struct tlb_entry *e)
{
	cp0_set_entryhi(e->hi);
	cp0_write(2, 0, e->lo[0].low);
	cp0_write_high(2, e->lo[0].high);
	cp0_write(3, 0, e->lo[1].low);
	cp0_write_high(3, e->lo[1].high);
}

static inline void write_entry_at(unsigned index, const struct tlb_entry *e)
{
	entry_to_registers(e);
	cp0_set_index(index);
	tlb_write_indexed();
}

/* Changes EntryHi. */
static inline struct tlb_entry read_entry_at(unsigned index)
{
	struct tlb_entry e;

	cp0_set_index(index);
	tlb_read_indexed();
	e.hi = cp0_entryhi();
	e.lo[0].low = cp0_read(2, 0);
	e.lo[0].high = cp0_read_high(2);
	e.lo[1].low = cp0_read(3, 0);
	e.lo[1].high = cp0_read_high(3);
	return e;
}

/* Returns the index of the entry for an address and an ASID, or NOT_FOUND. */
static inline unsigned find_entry(u32 hi)
{
	cp0_set_entryhi(hi);
	tlb_probe();
	return cp0_index() & INDEX_NOT_FOUND ? NOT_FOUND : cp0_index();
}

/* Both pages of the pair lead to the frame. */
static inline struct tlb_entry entry_to_frame(u32 hi, pfn_t pfn)
{
	u32 low = pfn << ENTRYLO_PAGE | ENTRYLO_STATE;

	return (struct tlb_entry){hi, {{low, 0}, {low, 0}}};
}
