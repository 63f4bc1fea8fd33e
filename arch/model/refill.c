/* SPDX-License-Identifier: MIT */
/* The handler of a miss on MODEL_XPA, which is arch/mips/fill.c. It reads upper levels whole, as
 * hardware would, because this machine is not about them. */
#include <asm/irq.h>
#include <asm/trap.h>

#include "arch/mips/fill.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"
#include "kernel/hooks/guard.h"

static entry_t *next_table(struct model_cpu *cpu, entry_t *ep)
{
	entry_t e = hardware_read(cpu, ep);

	if (!entry_present(e) || !(e.word[OTHER_WORD] & XPA_V))
		return NULL;
	return phys_to_virt(entry_table_pa(e));
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

/* TLBWR puts the entries read before into the TLB. An interrupt may come between the two. */
static void write_pair(vaddr_t va, const struct tlb_pair *pair)
{
	model_perform(&(struct op){.kind = OP_TLB_WRITE,
				   .address = va,
				   .value = (u64)pair,
				   .pc = __builtin_return_address(0)});
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

/* The exception level keeps out all interrupts, even an NMI. */
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
