/* SPDX-License-Identifier: MIT */
/* A TLB that fills without being asked (machine.h), one entry at a time. */
#include <string.h>

#include "arch/model/model.h"
#include "arch/model/walker.h"

#if CAP_HW_WALKER
static bool is_top(const struct model_cpu *cpu, unsigned level)
{
	return level == tlb_levels(cpu->root);
}

/* Returns the place of the entry to read next, or NULL if the CPU has not come so far. */
static entry_t *entry_on_way(const struct model_cpu *cpu, unsigned address, unsigned level)
{
	u32 table = is_top(cpu, level) ? (u32)(cpu->root >> PAGE_SHIFT) + 1
				       : cpu->halfway[address].table[level - 1];

	if (!table || !model_has_frame(table - 1))
		return NULL;
	return (entry_t *)model_frame(table - 1) +
	       (model_filled[address] >> MODEL_BITS(level - 1)) % PTRS_PER_PTE;
}

static entry_t entry_there(const struct model_cpu *cpu, unsigned address, unsigned level)
{
	u64 value;

	if (PREALLOCATED_PMDS && is_top(cpu, level))
		return cpu->top[(model_filled[address] >> PGDIR_SHIFT) % PTRS_PER_PGD];
	memcpy(&value, entry_on_way(cpu, address, level), sizeof(value));
	return entry_from_value(value);
}

/*
 * An entry the CPU knows already is not read again, because forgetting it and reading it again is
 * the same as reading it later.
 */
static bool is_known(struct model_cpu *cpu, unsigned address, unsigned level)
{
	if (level == 1)
		return tlb_slot(cpu, model_filled[address])->valid;
	return cpu->halfway[address].table[level - 2];
}

bool fill_possible(struct model_cpu *cpu, unsigned address, unsigned level)
{
	if (cpu->root == NO_ROOT || level > tlb_levels(cpu->root) ||
	    model_filled[address] >> MODEL_BITS(tlb_levels(cpu->root)) ||
	    is_known(cpu, address, level) || !entry_on_way(cpu, address, level))
		return false;
	return entry_value(entry_there(cpu, address, level)) & MODEL_P;
}

pfn_t fill_step(struct model_cpu *cpu, unsigned address, unsigned level)
{
	entry_t *ep = entry_on_way(cpu, address, level), e;
	vaddr_t va = model_filled[address];
	pfn_t table = (pfn_t)(((const u8 *)ep - (const u8 *)model_frame(0)) / PAGE_SIZE);

	if (level == 1) {
		tlb_fill(cpu, tlb_slot(cpu, va), va, ep, false);
		return table;
	}
	e = PREALLOCATED_PMDS && is_top(cpu, level) ? entry_there(cpu, address, level)
						    : hardware_read(cpu, ep);
	cpu->halfway[address].table[level - 2] = entry_pfn(e) + 1;
	return table;
}

bool fill_unjustified(const struct model_cpu *cpu, vaddr_t *va)
{
	for (unsigned i = 0; i < model_nr_filled; i++)
		for (unsigned level = 1; level < tlb_levels(cpu->root); level++) {
			u32 table = cpu->halfway[i].table[level - 1];

			if (!table || table == tlb_table_now(cpu->root, model_filled[i], level))
				continue;
			*va = model_filled[i];
			return true;
		}
	return false;
}
#else
bool fill_possible(struct model_cpu *cpu, unsigned address, unsigned level)
{
	(void)cpu, (void)address, (void)level;
	return false;
}

pfn_t fill_step(struct model_cpu *cpu, unsigned address, unsigned level)
{
	(void)cpu, (void)address, (void)level;
	return 0;
}

bool fill_unjustified(const struct model_cpu *cpu, vaddr_t *va)
{
	(void)cpu, (void)va;
	return false;
}
#endif
