/* SPDX-License-Identifier: MIT */
/* The hardware's translation of an address, and the check that a CPU's cached entries are still
 * justified. hw_walker.c fills the TLB, or with MODEL_XPA soft_tlb.c. */
#include "arch/model/walker.h"

void tlb_walk(struct model_cpu *cpu, struct op *op)
{
	vaddr_t va = ALIGN_DOWN(op->address, PAGE_SIZE);
	struct translation *slot = tlb_slot(cpu, va);
	bool hit = slot->valid && slot->va == va && (!op->store || (slot->write && slot->dirty));

	op->value = hit ? 0 : tlb_miss(cpu, slot, va, op->store);
	op->result = !op->value;
	op->expected = entry_value(slot->pte);
}

static bool is_justified(const struct model_cpu *cpu, const struct translation *cached)
{
	pte_t now = tlb_entry_now(cpu, cached->va);

	return !entry_none(now) && entry_pfn(now) == entry_pfn(cached->pte) &&
	       (!cached->write || tlb_entry_writable(now)) && (!cached->dirty || pte_dirty(now));
}

bool tlb_unjustified(const struct model_cpu *cpu, vaddr_t *va)
{
	for (unsigned i = 0; i < MODEL_TLB; i++) {
		if (!cpu->tlb[i].valid || is_justified(cpu, &cpu->tlb[i]))
			continue;
		*va = cpu->tlb[i].va;
		return true;
	}
	return false;
}
