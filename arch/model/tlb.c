/* SPDX-License-Identifier: MIT */
/* The TLB, which a plain store leaves stale, and the accesses that go through it. Who fills it:
 * hw_walker.c, or with MODEL_XPA soft_tlb.c. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "arch/model/cpu.h"
#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"

void tlb_reset(void)
{
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		model_cpu[cpu].root = NO_ROOT;
}

void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end)
{
	for (unsigned i = 0; i < MODEL_TLB; i++)
		if (cpu->tlb[i].va - start < end - start)
			cpu->tlb[i] = (struct translation){0};
	fill_drop(cpu, start, end);
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

/* The CPU's own copy of the top level, where it keeps one, is read when the root is loaded. Each
 * entry is a step of its own, and more than a CPU promises may come in between: an interrupt, whose
 * handler reloads all of it. */
static void load_top(struct model_cpu *cpu)
{
	if (!PREALLOCATED_PMDS || cpu->root == NO_ROOT)
		return;
	for (unsigned i = 0; i < PTRS_PER_PGD; i++)
		cpu->top[i] = entry_from_value(model_read((pgd_t *)phys_to_virt(cpu->root) + i,
							  sizeof(pgd_t), MODEL_RELAXED));
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

static void perform(struct op op)
{
	if (!model_submit || !model_submit(&op))
		op_at_once(&op);
}

/* As on x86, where much is flushed by a load of the root. */
void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	perform((struct op){.kind = OP_FLUSH,
			    .value = start,
			    .expected = end,
			    .pc = __builtin_return_address(0)});
	if (end - start > 1ul << PGDIR_SHIFT)
		load_top(&model_cpu[cpu_id()]);
	record_flush(cpu_id(), start, end);
}

void tlb_flush_all(void)
{
	tlb_flush_range(0, ~0ul);
}

/* Every space has the user part alone: the model's kernel is the host's. */
void pgd_init_kernel(pgd_t *pgd)
{
	(void)pgd;
}

void pgd_load(paddr_t root)
{
	perform((struct op){.kind = OP_ROOT, .address = root, .pc = __builtin_return_address(0)});
	load_top(&model_cpu[cpu_id()]);
}

paddr_t pgd_kernel(void)
{
	return NO_ROOT;
}

void tlb_walk(struct model_cpu *cpu, struct op *op)
{
	vaddr_t va = ALIGN_DOWN(op->address, PAGE_SIZE);
	struct translation *slot = tlb_slot(cpu, va);
	bool hit = slot->valid && slot->va == va && (!op->store || (slot->write && slot->dirty));

	op->value = hit ? 0 : tlb_miss(cpu, slot, va, op->store);
	op->result = !op->value;
	op->expected = entry_value(slot->pte);
}

static bool translate(vaddr_t va, bool store, pte_t *pte, u32 *cause)
{
	struct op op;

	do {
		op = (struct op){.kind = OP_WALK,
				 .address = va,
				 .store = store,
				 .pc = __builtin_return_address(0)};
		if (!model_submit || !model_submit(&op))
			op_at_once(&op);
		*cause = (u32)op.value & ~FAULT_NOT_PRESENT;
	} while (!op.result && tlb_trap(va, store, cause));
	*pte = entry_from_value(op.expected);
	if (op.result && !model_has_frame(entry_pfn(*pte))) {
		*cause = FAULT_RESERVED | FAULT_PROTECTION;
		return false;
	}
	return op.result;
}

bool model_load(vaddr_t va, pte_t *pte)
{
	u32 cause;

	return translate(va, false, pte, &cause);
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

static u32 *word_at(pte_t pte, vaddr_t va)
{
	return (u32 *)((u8 *)model_frame(entry_pfn(pte)) + va % PAGE_SIZE);
}

/* The rest of an instruction that has begun. */
static u64 data_access(struct op op)
{
	op.inside = true;
	op.size = sizeof(u32);
	if (!model_submit || !model_submit(&op))
		op_at_once(&op);
	return op.result;
}

bool try_load(vaddr_t va, u32 *value, struct fault *fault)
{
	pte_t pte;

	fault->address = va;
	if (!translate(va, false, &pte, &fault->cause))
		return false;
	*value = (u32)data_access((struct op){.kind = OP_READ,
					      .address = (u64)word_at(pte, va),
					      .pc = __builtin_return_address(0)});
	return true;
}

bool try_store(vaddr_t va, u32 value, struct fault *fault)
{
	pte_t pte;

	fault->address = va;
	if (!translate(va, true, &pte, &fault->cause))
		return false;
	data_access((struct op){.kind = OP_WRITE,
				.address = (u64)word_at(pte, va),
				.value = value,
				.expected = (va >> PAGE_SHIFT) + 1,
				.pc = __builtin_return_address(0)});
	return true;
}
