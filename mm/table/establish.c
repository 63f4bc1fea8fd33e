/* SPDX-License-Identifier: MIT */
/* Makes missing tables on the way to a slot, and fills an empty slot. */
#include "mm/table/establish.h"

#include "kernel/smp/shootdown.h"
#include "mm/table/lockless.h"
#include "mm/table/locks.h"
#include "mm/table/swap_entry.h"
#include "mm/table/table.h"

/* Makes an empty entry point to a new table of empty slots, and returns the table, or PFN_NONE if
 * the entry is filled or memory is out. Call with the entry's lock held. `make` builds the entry.
 * Hardware and lockless walkers follow it at once, so the table's slots come first. Linux
 * pmd_install(). */
static pfn_t install(entry_t *ep, entry_t (*make)(pfn_t table), entry_t none)
{
	pfn_t table;

	if (!entry_none(entry_read(ep)))
		return PFN_NONE;
	table = table_alloc(none);
	if (table == PFN_NONE)
		return PFN_NONE;
	if (guard(table_wmb))
		smp_wmb();
	set_pte(ep, make(table));
	return table;
}

/* Fills an entry above the PMD tables. Returns its new value, empty if out of memory. */
static entry_t populate(struct mm *mm, entry_t *ep, entry_t (*make)(pfn_t table), entry_t none)
{
	pfn_t table;

	tables_lock(mm);
	table = install(ep, make, none);
	if (table != PFN_NONE)
		table_remember(mm, table, none);
	tables_unlock(mm);
	return upper_get_lockless(ep);
}

/* The same for an entry of a PMD table, which has a lock of its own. */
static pmd_t populate_pmd(struct mm *mm, pmd_t *pmdp)
{
	pfn_t table;

	pmd_lock(pmdp);
	table = install(pmdp, mk_pmd, PTE_NONE);
	pmd_unlock(pmdp);
	if (table != PFN_NONE) {
		tables_lock(mm);
		table_remember(mm, table, PTE_NONE);
		tables_unlock(mm);
	}
	return upper_get_lockless(pmdp);
}

/* Some CPUs keep top-level entries in registers (PREALLOCATED_PMDS, where these entries are the pud
 * slots). Such a CPU does not see a newly present entry until the root is loaded again. Flushing
 * everything loads it again. Linux pud_populate() (PAE) calls flush_tlb_mm(). */
static void reload_roots(struct mm *mm)
{
	shootdown(&mm->cpumask, 0, user_end(mm->pgd));
}

/* When levels are folded they share one slot. The lowest of them fills it, because only that level
 * knows the kind of table below. */
static bool is_missing(entry_t e, bool folds_next)
{
	return !folds_next && entry_none(e);
}

pte_t *pte_alloc(struct mm *mm, vaddr_t va)
{
	pgd_t *pgdp = pgd_offset_pgd(mm_pgd(mm), va), pgd = upper_get_lockless(pgdp);
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	pmd_t *pmdp, pmd;

	if (is_missing(pgd, entry_folds_p4d(pgd)))
		pgd = populate(mm, pgdp, mk_pgd, P4D_NONE);
	if (is_missing(pgd, entry_folds_p4d(pgd)))
		return NULL;
	p4dp = p4d_offset_lockless(pgdp, pgd, va);
	p4d = upper_get_lockless(p4dp);
	if (is_missing(p4d, entry_folds_pud(p4d)))
		p4d = populate(mm, p4dp, mk_p4d, PUD_NONE);
	if (is_missing(p4d, entry_folds_pud(p4d)))
		return NULL;
	pudp = pud_offset_lockless(p4dp, p4d, va);
	pud = upper_get_lockless(pudp);
	if (is_missing(pud, entry_folds_pmd(pud))) {
		pud = populate(mm, pudp, mk_pud, PMD_NONE);
		if (PREALLOCATED_PMDS && guard(top_entry_reload))
			reload_roots(mm);
	}
	if (is_missing(pud, entry_folds_pmd(pud)))
		return NULL;
	pmdp = pmd_offset_lockless(pudp, pud, va);
	pmd = upper_get_lockless(pmdp);
	if (entry_none(pmd))
		pmd = populate_pmd(mm, pmdp);
	return entry_none(pmd) ? NULL : pte_offset_lockless(pmdp, pmd, va);
}

bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte)
{
	pte_t *ptep = pte_alloc(mm, va);
	pte_t old;
	bool empty;

	if (!ptep)
		return false;
	pte_lock(ptep);
	old = entry_read(ptep);
	empty = !entry_present(old) && !pte_is_swap(old);
	if (empty)
		set_pte(ptep, pte);
	pte_unlock(ptep);
	return empty;
}
