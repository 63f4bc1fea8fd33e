/* SPDX-License-Identifier: MIT */
/* What a CPU has cached: its TLB, which a plain store leaves stale, and its ways to tables. */
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
 * What a flush of a range forgets of the way. INVLPG drops all that the CPU has cached of upper
 * entries, whatever its address (Intel SDM vol. 3, 4.10.4.1). An invalidation that reaches every
 * CPU drops those of the tables below the entry that it invalidates, and none if that is a pte
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

/* Its own, or a free one: the same for the same page where that is possible, so that states are.
 * Nothing makes room for another, as that would hide a flush that is missing. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va)
{
	unsigned home = (va >> PAGE_SHIFT) % model_room_tlb;
	struct translation *free = NULL;

	for (unsigned i = 0; i < model_room_tlb; i++) {
		struct translation *slot = &cpu->tlb[(home + i) % model_room_tlb];

		if (slot->valid && slot->va == va)
			return slot;
		if (!slot->valid && !free)
			free = slot;
	}
	if (!free)
		model_limit = "a CPU has more translations than MODEL_TLB";
	return free ? free : &cpu->tlb[home];
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
