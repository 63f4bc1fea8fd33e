/* SPDX-License-Identifier: MIT */
#include <asm/tlb.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"

#define NO_ROOT (~(paddr_t)0) /* the kernel's own space: nothing of the user's */

static struct {
	paddr_t root;
	struct {
		bool valid;
		vaddr_t va;
		pte_t pte;
	} slot[MODEL_TLB_SLOTS];
} tlbs[MODEL_CPUS];

struct model_flushes model_flushes[MODEL_CPUS];

void tlb_reset(void)
{
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++) {
		tlbs[cpu].root = NO_ROOT;
		for (unsigned i = 0; i < MODEL_TLB_SLOTS; i++)
			tlbs[cpu].slot[i].valid = false;
		model_flushes[cpu] = (struct model_flushes){0};
	}
}

static void drop(vaddr_t start, vaddr_t end)
{
	for (unsigned i = 0; i < MODEL_TLB_SLOTS; i++)
		if (tlbs[cpu_id()].slot[i].va - start < end - start)
			tlbs[cpu_id()].slot[i].valid = false;
}

void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	struct model_flushes *flushes = &model_flushes[cpu_id()];

	drop(start, end);
	flushes->count++;
	flushes->start = start;
	flushes->end = end;
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
	tlbs[cpu_id()].root = root;
	drop(0, ~0ul);
}

paddr_t pgd_kernel(void)
{
	return NO_ROOT;
}

/* Levels of the space whose top-level table begins at pgd. */
static unsigned levels_of(pgd_t *pgd)
{
	return (pgd_shift(pgd) - PAGE_SHIFT) / 2 + 1;
}

/* Reads each entry whole, as hardware does. */
static bool walk(vaddr_t va, pte_t *pte)
{
	entry_t *table;
	entry_t e;

	if (tlbs[cpu_id()].root == NO_ROOT)
		return false;
	table = phys_to_virt(tlbs[cpu_id()].root);
	for (unsigned level = levels_of(table);; level--) {
		e = entry_read_atomic(table + (va >> MODEL_BITS(level - 1)) % PTRS_PER_PTE);
		if (!(entry_value(e) & MODEL_P))
			return false;
		if (level == 1)
			break;
		table = phys_to_virt(entry_table_pa(e));
	}
	*pte = e;
	return true;
}

bool model_load(vaddr_t va, pte_t *pte)
{
	unsigned i = (unsigned)(va >> PAGE_SHIFT) % MODEL_TLB_SLOTS;

	va = ALIGN_DOWN(va, PAGE_SIZE);
	if (!tlbs[cpu_id()].slot[i].valid || tlbs[cpu_id()].slot[i].va != va) {
		if (!walk(va, pte))
			return false;
		tlbs[cpu_id()].slot[i].valid = true;
		tlbs[cpu_id()].slot[i].va = va;
		tlbs[cpu_id()].slot[i].pte = *pte;
	}
	*pte = tlbs[cpu_id()].slot[i].pte;
	return true;
}
