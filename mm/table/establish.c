/* SPDX-License-Identifier: MIT */
/* Makes missing tables on the way to a slot, and fills an empty slot. */
#include "mm/table/establish.h"

#include "kernel/smp/shootdown.h"
#include "mm/table/pgtable.h"
#include "mm/table/table.h"

/* Makes an empty entry point to a new table of empty slots. `make` builds the entry. Hardware and
 * lockless walkers follow it at once, so the table's slots come first. Linux pmd_install(). */
static bool populate(struct mm *mm, entry_t *ep, entry_t (*make)(pfn_t table), entry_t none)
{
	pfn_t table;

	if (!entry_none(entry_read(ep)))
		return true;
	table = table_alloc(mm, none);
	if (table == PFN_NONE)
		return false;
	if (guard(table_wmb))
		smp_wmb();
	set_pte(ep, make(table));
	return true;
}

/* Some CPUs keep top-level entries in registers (PREALLOCATED_PMDS, where these entries are the pud
 * slots). Such a CPU does not see a newly present entry until the root is loaded again. Flushing
 * everything loads it again. Linux pud_populate() (PAE) calls flush_tlb_mm(). */
static void reload_roots(struct mm *mm)
{
	shootdown(&mm->cpumask, 0, user_end(mm->pgd));
}

/* When levels are folded they share one slot. The lowest of them fills it, because only that level
 * knows what kind of table hangs below. */
pte_t *pte_alloc(struct mm *mm, vaddr_t va)
{
	pgd_t *pgdp = pgd_offset_pgd(mm->pgd, va);
	p4d_t *p4dp;
	pud_t *pudp;
	pmd_t *pmdp;

	if (!entry_folds_p4d(entry_read(pgdp)) && !populate(mm, pgdp, mk_pgd, P4D_NONE))
		return NULL;
	p4dp = p4d_offset(pgdp, va);
	if (!entry_folds_pud(entry_read(p4dp)) && !populate(mm, p4dp, mk_p4d, PUD_NONE))
		return NULL;
	pudp = pud_offset(p4dp, va);
	if (!entry_folds_pmd(entry_read(pudp))) {
		bool fresh = entry_none(entry_read(pudp));

		if (!populate(mm, pudp, mk_pud, PMD_NONE))
			return NULL;
		if (fresh && PREALLOCATED_PMDS && guard(top_entry_reload))
			reload_roots(mm);
	}
	pmdp = pmd_offset(pudp, va);
	if (!populate(mm, pmdp, mk_pmd, PTE_NONE))
		return NULL;
	return pte_offset(pmdp, va);
}

bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte)
{
	bool empty;
	pte_t *ptep;

	tables_lock(mm);
	ptep = pte_alloc(mm, va);
	empty = ptep && !entry_present(entry_read(ptep));
	if (empty)
		set_pte(ptep, pte);
	tables_unlock(mm);
	return empty;
}
