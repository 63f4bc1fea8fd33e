/* SPDX-License-Identifier: MIT */
/* The hardware's translation of an address, and the check that a CPU's cached entries are still
 * justified. hw_walker.c fills the TLB, or with MODEL_XPA soft_tlb.c. */
#include "arch/model/walker.h"
#include <asm/trap.h>

void tlb_walk(struct model_cpu *cpu, struct op *op)
{
	vaddr_t va = ALIGN_DOWN(op->address, PAGE_SIZE);
	struct translation *slot = tlb_slot(cpu, va);
	bool store = op->access & FAULT_WRITE;
	bool hit = slot->valid && slot->va == va && (!store || (slot->write && slot->dirty)) &&
		   !tlb_denied(slot->pte, op->access);

	op->value = hit ? 0 : tlb_miss(cpu, slot, va, op->access);
	op->result = !op->value;
	op->expected = entry_value(slot->pte);
}

/* Those beside writing, whose denial is a word of the entry. */
#define RIGHTS (FAULT_USER | FAULT_EXEC)

static bool is_justified(const struct model_cpu *cpu, const struct translation *cached)
{
	pte_t now = tlb_entry_now(cpu, cached->va);

	return entry_present(now) && entry_pfn(now) == entry_pfn(cached->pte) &&
	       (!cached->write || tlb_entry_writable(now)) && (!cached->dirty || pte_dirty(now)) &&
	       !(tlb_denied(now, RIGHTS) & ~tlb_denied(cached->pte, RIGHTS));
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
