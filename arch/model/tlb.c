/* SPDX-License-Identifier: MIT */
/* A CPU's cached entries, in its TLB, left stale by a plain store, and on its ways to tables. */
#include "arch/model/cpu.h"
#include "arch/model/machine.h"
#include "arch/model/walker.h"

bool model_filling;
vaddr_t model_filled[MODEL_FILLED];
unsigned model_nr_filled;

void tlb_reset(void)
{
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_cpu[cpu].root = NO_ROOT;
}

/*
 * Forgets the cached ways to tables as a flush of a range does. INVLPG drops all upper entries
 * cached by the CPU, whatever its address (Intel SDM vol. 3, 4.10.4.1). An invalidation on every
 * CPU drops the ways to the tables below the invalidated entry, and none if it is a pte
 * (z/Architecture Principles of Operation, INVALIDATE PAGE TABLE ENTRY, INVALIDATE DAT TABLE
 * ENTRY).
 */
static void forget_ways(struct model_cpu *cpu, vaddr_t start, vaddr_t end)
{
	for (unsigned i = 0; i < MODEL_FILLED; i++)
		if (!CAP_BROADCAST_FLUSH ||
		    (model_filled[i] - start < end - start && end - start > PAGE_SIZE))
			cpu->halfway[i] = (struct halfway){{0}};
}

void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end)
{
	for (unsigned i = 0; i < MODEL_TLB; i++)
		if (cpu->tlb[i].va - start < end - start)
			cpu->tlb[i] = (struct translation){0};
	forget_ways(cpu, start, end);
}

/* Returns the page's own slot, or a free one. The same page gets the same slot if possible, so
 * equal states stay equal. No entry makes room for another, because a missing flush would be
 * hidden. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va)
{
	unsigned home = (va >> PAGE_SHIFT) % room_tlb.size, used = 0;
	struct translation *free = NULL;

	for (unsigned i = 0; i < room_tlb.size; i++) {
		struct translation *slot = &cpu->tlb[(home + i) % room_tlb.size];

		if (slot->valid && slot->va == va)
			return slot;
		if (!slot->valid && !free)
			free = slot;
		used += slot->valid;
	}
	return room_for(&room_tlb, used + 1) ? free : &cpu->tlb[home];
}

void tlb_flush(struct model_cpu *cpu, const struct op *op)
{
	tlb_drop(cpu, op->value, op->expected);
}

void tlb_load_root(struct model_cpu *cpu, const struct op *op)
{
	cpu->root = op->address;
	tlb_drop(cpu, 0, ~0ul);
}
