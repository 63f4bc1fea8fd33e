/* SPDX-License-Identifier: MIT */
/* The TLB operations of the protocol, with flushes, loads of the root and translated accesses. */
#include <asm/tlb.h>
#include <asm/trap.h>

#include "arch/model/machine.h"
#include "arch/model/model.h"
#include "arch/model/walker.h"

/* If the CPU keeps its own copy of the top level, it reads the copy when the root is loaded. Each
 * entry is a step of its own. More than a CPU promises may come in between, even an interrupt whose
 * handler reloads all of it. */
static void load_top(struct model_cpu *cpu)
{
	if (!PREALLOCATED_PMDS || cpu->root == NO_ROOT)
		return;
	for (unsigned i = 0; i < PTRS_PER_PGD; i++)
		cpu->top[i] = entry_from_value(model_read((pgd_t *)phys_to_virt(cpu->root) + i,
							  sizeof(pgd_t), MODEL_RELAXED));
}

/* As on x86, a large flush is a load of the root. */
void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	model_perform(&(struct op){.kind = OP_FLUSH,
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

/* A space has only the user part, because the model's kernel is the host's. */
void pgd_init_kernel(pgd_t *pgd)
{
	(void)pgd;
}

void pgd_load(paddr_t root)
{
	model_perform(
		&(struct op){.kind = OP_ROOT, .address = root, .pc = __builtin_return_address(0)});
	load_top(&model_cpu[cpu_id()]);
}

paddr_t pgd_kernel(void)
{
	return NO_ROOT;
}

static bool translate(vaddr_t va, bool store, pte_t *pte, u32 *cause)
{
	struct op op;

	do {
		op = (struct op){.kind = OP_WALK,
				 .address = va,
				 .store = store,
				 .pc = __builtin_return_address(0)};
		model_perform(&op);
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

static u32 *word_at(pte_t pte, vaddr_t va)
{
	return (u32 *)((u8 *)model_frame(entry_pfn(pte)) + va % PAGE_SIZE);
}

/* The rest of an instruction after it has begun. */
static u64 data_access(struct op op)
{
	op.inside = true;
	op.size = sizeof(u32);
	return model_perform(&op);
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

/* --- broadcasts to every CPU's TLB ------------------------------------------------------------ */

/* pc is in the code of the caller. */
static void broadcast(entry_t *ep, vaddr_t start, vaddr_t end, const void *pc)
{
	model_perform(&(struct op){.kind = OP_BROADCAST,
				   .address = (u64)ep,
				   .value = start,
				   .expected = end,
				   .pc = pc});
}

void ptep_invalidate(entry_t *ptep, vaddr_t va)
{
	broadcast(ptep, va, va + PAGE_SIZE, __builtin_return_address(0));
}

void pmdp_invalidate(entry_t *pmdp, vaddr_t va)
{
	vaddr_t start = ALIGN_DOWN(va, 1ul << PMD_SHIFT);

	broadcast(pmdp, start, start + (1ul << PMD_SHIFT), __builtin_return_address(0));
}

/* Flushes every space, because here one call is enough for all. */
void tlb_flush_space(paddr_t root)
{
	(void)root;
	broadcast(NULL, 0, ~0ul, __builtin_return_address(0));
}
