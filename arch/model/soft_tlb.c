/* SPDX-License-Identifier: MIT */
/* MODEL_XPA, with a TLB filled by software. A miss traps (refill.c). */
#include <asm/trap.h>

#include <string.h>

#include "arch/mips/fill.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"

u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, bool store)
{
	(void)cpu;
	(void)slot;
	(void)va;
	(void)store;
	return FAULT_NOT_PRESENT;
}

pte_t tlb_entry_now(const struct model_cpu *cpu, vaddr_t va)
{
	paddr_t table = cpu->root;
	entry_t e = ENTRY_NONE;

	if (table == NO_ROOT)
		return ENTRY_NONE;
	for (unsigned level = 3; level; level--) {
		if (!model_has_frame((pfn_t)(table >> PAGE_SHIFT)))
			return ENTRY_NONE;
		memcpy(&e,
		       (entry_t *)model_frame((pfn_t)(table >> PAGE_SHIFT)) +
			       (va >> MODEL_BITS(level - 1)) % PTRS_PER_PTE,
		       sizeof(e));
		if (!entry_present(e) || !(e.word[OTHER_WORD] & XPA_V))
			return ENTRY_NONE;
		table = entry_table_pa(e);
	}
	return e;
}

bool tlb_entry_writable(pte_t pte)
{
	return pte.word[OTHER_WORD] & XPA_D;
}

static pte_t to_pte(const struct entrylo *page)
{
	u32 high = page->low << XPA_ENTRYLO_ROR | page->low >> (32 - XPA_ENTRYLO_ROR);

	return (pte_t){{page->high | XPA_PRESENT, high}};
}

static void load_page(struct model_cpu *cpu, vaddr_t va, const struct entrylo *page)
{
	struct translation *slot = tlb_slot(cpu, va);

	if (!(page->low & ENTRYLO_V)) {
		if (slot->va == va)
			*slot = (struct translation){0};
		return;
	}
	*slot = (struct translation){
		.valid = true,
		.write = page->low & ENTRYLO_D,
		.dirty = page->low & ENTRYLO_D,
		.va = va,
		.pte = to_pte(page),
	};
}

void tlb_write(struct model_cpu *cpu, const struct op *op)
{
	const struct tlb_pair *pair = (const struct tlb_pair *)op->value;

	load_page(cpu, op->address, &pair->page[0]);
	load_page(cpu, op->address + PAGE_SIZE, &pair->page[1]);
}
