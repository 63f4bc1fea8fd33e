/* SPDX-License-Identifier: MIT */
/* Walks as the hardware does, and reads each entry whole. */
#include <asm/trap.h>

#include <string.h>

#include "arch/model/model.h"
#include "arch/model/walker.h"

/* Not phys_to_virt(), because the hardware's reads say nothing about the loads of its CPU. */
static entry_t *table_at(paddr_t pa)
{
	return model_frame((pfn_t)(pa >> PAGE_SHIFT));
}

static entry_t peek(const entry_t *ep)
{
	u64 value;

	memcpy(&value, ep, sizeof(value));
	return entry_from_value(value);
}

/* Returns the address bits below an index into the top-level table at pgd. */
static unsigned top_shift(const pgd_t *pgd)
{
	return entry_shift(peek(pgd), PGDIR_SHIFT);
}

/* Returns the levels of the space with this top-level table. */
static unsigned levels_of(const pgd_t *pgd)
{
	return (top_shift(pgd) - PAGE_SHIFT) / 2 + 1;
}

/* Returns the slot found by the hardware for va, or NULL if the table of some level is missing. */
static pte_t *find_slot(struct model_cpu *cpu, vaddr_t va)
{
	entry_t *table, e;
	unsigned level;

	if (cpu->root == NO_ROOT)
		return NULL;
	table = table_at(cpu->root);
	for (level = levels_of(table); level > 1; level--) {
		entry_t *ep = table + (va >> MODEL_BITS(level - 1)) % PTRS_PER_PTE;

		e = PREALLOCATED_PMDS && level == levels_of(table)
			    ? cpu->top[(va >> PGDIR_SHIFT) % PTRS_PER_PGD]
			    : hardware_read(cpu, ep);
		if (!(entry_value(e) & MODEL_P))
			return NULL;
		table = table_at(entry_table_pa(e));
	}
	return table + (va >> PAGE_SHIFT) % PTRS_PER_PTE;
}

unsigned tlb_levels(paddr_t root)
{
	return levels_of(table_at(root));
}

/*
 * Returns the entry of `level` on the way to va, all in memory itself. ENTRY_NONE if the way ends
 * before.
 */
static entry_t entry_now(paddr_t root, vaddr_t va, unsigned level)
{
	entry_t e = ENTRY_NONE;

	for (unsigned at = tlb_levels(root); at >= level; at--) {
		if (!model_has_frame((pfn_t)(root >> PAGE_SHIFT)))
			return ENTRY_NONE;
		e = peek(table_at(root) + (va >> MODEL_BITS(at - 1)) % PTRS_PER_PTE);
		if (!(entry_value(e) & MODEL_P))
			return ENTRY_NONE;
		root = entry_table_pa(e);
	}
	return e;
}

u32 tlb_table_now(paddr_t root, vaddr_t va, unsigned level)
{
	entry_t e = entry_now(root, va, level + 1);

	return entry_value(e) & MODEL_P ? entry_pfn(e) + 1 : 0;
}

pte_t tlb_entry_now(const struct model_cpu *cpu, vaddr_t va)
{
	return cpu->root == NO_ROOT ? ENTRY_NONE : entry_now(cpu->root, va, 1);
}

bool tlb_entry_writable(pte_t pte)
{
	return entry_value(pte) & MODEL_W;
}

/* Returns true if the loaded root does not reach the address. */
static bool is_beyond(const struct model_cpu *cpu, vaddr_t va)
{
	return cpu->root != NO_ROOT &&
	       va >= (vaddr_t)PTRS_PER_PGD << top_shift(table_at(cpu->root));
}

u32 tlb_denied(pte_t pte, u32 access)
{
	return access & ((entry_value(pte) & MODEL_U ? 0 : FAULT_USER) |
			 (entry_value(pte) & MODEL_NX ? FAULT_EXEC : 0));
}

/* Returns 0 if the access is permitted, otherwise the fault's cause. */
static u32 refused(pte_t pte, u32 access)
{
	if (!(entry_value(pte) & MODEL_P))
		return FAULT_NOT_PRESENT;
	if (entry_value(pte) & MODEL_RESERVED && !entry_level_bits(7))
		return FAULT_RESERVED | FAULT_PROTECTION;
	if (access & FAULT_WRITE && !(entry_value(pte) & MODEL_W))
		return FAULT_PROTECTION | FAULT_WRITE;
	return tlb_denied(pte, access) ? FAULT_PROTECTION : 0;
}

/* Sets Accessed, and Dirty for a store, before it uses the translation. */
u32 tlb_fill(struct model_cpu *cpu, struct translation *slot, vaddr_t va, entry_t *ptep, u32 access)
{
	u64 bits = MODEL_A | (access & FAULT_WRITE ? MODEL_D : 0);
	pte_t pte = ptep ? hardware_read(cpu, ptep) : ENTRY_NONE;
	u32 cause = is_beyond(cpu, va) ? FAULT_LIMIT : refused(pte, access);

	if (cause)
		return cause;
	if ((entry_value(pte) & bits) != bits)
		pte = entry_from_value(hardware_rmw(cpu, ptep, RMW_OR, bits) | bits);
	*slot = (struct translation){
		.valid = true,
		.write = entry_value(pte) & MODEL_W,
		.dirty = pte_dirty(pte),
		.va = va,
		.pte = pte,
	};
	return 0;
}

/* A CPU may refuse a store by the translation in its TLB, without a look at the entry. The fault
 * drops this translation (Intel SDM vol. 3, 4.10.4.1). */
u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, u32 access)
{
	if (slot->valid && slot->va == va && access & FAULT_WRITE && !slot->write) {
		*slot = (struct translation){0};
		return FAULT_PROTECTION | FAULT_WRITE;
	}
	return tlb_fill(cpu, slot, va, find_slot(cpu, va), access);
}

/* No software fills this TLB. */
void tlb_write(struct model_cpu *cpu, const struct op *op)
{
	(void)cpu;
	(void)op;
}

/* Software can mend nothing here. */
bool tlb_trap(vaddr_t va, u32 access, u32 *cause)
{
	(void)va;
	(void)access;
	(void)cause;
	return false;
}

/* Serializing, and on all CPUs at once, as IPTE and IDTE promise (z/Architecture Principles of
 * Operation, chapter 10). */
void tlb_broadcast(struct model_cpu *cpu, struct op *op)
{
	if (op->address)
		hardware_rmw(cpu, (entry_t *)op->address, RMW_AND, ~(u64)MODEL_P);
	for (unsigned n = 0; n < MODEL_CPUS; n++)
		tlb_drop(&model_cpu[n], op->value, op->expected);
}
