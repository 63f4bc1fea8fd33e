/* SPDX-License-Identifier: MIT */
/* MODEL_XPA: a miss traps, and the handler is arch/mips/fill.c. The upper levels are looked at as
 * hardware would, whole: they are not what this machine is about. */
#include <asm/irq.h>
#include <asm/trap.h>

#include <string.h>

#include "arch/mips/fill.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"
#include "kernel/hooks/guard.h"

u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, bool store)
{
	(void)cpu;
	(void)slot;
	(void)va;
	(void)store;
	return FAULT_NOT_PRESENT;
}

static entry_t read_upper(struct model_cpu *cpu, entry_t *ep)
{
	struct op op = {
		.kind = OP_READ, .address = (u64)ep, .size = sizeof(*ep), .order = MODEL_FULL};

	if (model_note)
		model_note(cpu, &op);
	op_at_once(&op);
	return entry_from_value(op.result);
}

static entry_t *next_table(struct model_cpu *cpu, entry_t *ep)
{
	entry_t e = read_upper(cpu, ep);

	if (!entry_present(e) || !(e.word[OTHER_WORD] & XPA_V))
		return NULL;
	return phys_to_virt(entry_table_pa(e));
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

static pte_t *slot_of(struct model_cpu *cpu, vaddr_t va)
{
	entry_t *table;

	if (cpu->root == NO_ROOT || va >= USER_END)
		return NULL;
	table = phys_to_virt(cpu->root);
	for (unsigned level = 3; table && level > 1; level--)
		table = next_table(cpu, table + (va >> MODEL_BITS(level - 1)) % PTRS_PER_PTE);
	return table ? table + (va >> PAGE_SHIFT) % PTRS_PER_PTE : NULL;
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

/* TLBWR: what was read arrives in the TLB. An interrupt may come between the two. */
static void write_pair(vaddr_t va, const struct tlb_pair *pair)
{
	struct op op = {.kind = OP_TLB_WRITE,
			.address = va,
			.value = (u64)pair,
			.pc = __builtin_return_address(0)};

	if (!model_submit || !model_submit(&op))
		op_at_once(&op);
}

static bool fill(struct model_cpu *cpu, vaddr_t va, bool store, u32 *cause)
{
	pte_t *ptep = slot_of(cpu, va);
	struct tlb_pair pair;
	enum fill_answer answer = ptep ? fill_translation(ptep, store, &pair) : FILL_ABSENT;

	if (answer != FILL_AGAIN) {
		*cause = (store ? FAULT_WRITE : 0) | (answer == FILL_DENIED ? FAULT_PROTECTION : 0);
		return false;
	}
	write_pair(ALIGN_DOWN(va, 2 * PAGE_SIZE), &pair);
	return true;
}

/* The exception level: nothing comes in, an NMI neither. */
bool tlb_trap(vaddr_t va, bool store, u32 *cause)
{
	struct model_cpu *cpu = &model_cpu[cpu_id()];
	bool was_in_nmi = cpu->in_nmi, again;
	u32 flags;

	if (!guard(refill_irqs_off))
		return fill(cpu, va, store, cause);
	flags = irq_save();
	cpu->in_nmi = true;
	again = fill(cpu, va, store, cause);
	cpu->in_nmi = was_in_nmi;
	irq_restore(flags);
	return again;
}
