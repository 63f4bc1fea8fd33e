/* SPDX-License-Identifier: MIT */
/* Walks from an address to its slot, and reads each entry on the way once. */
#include "mm/table/lookup.h"

#include "mm/table/lockless.h"
#include "mm/table/pgtable.h"

/* If the entry leads nowhere, so does the whole part of [va, end) it covers. */
static bool leads_nowhere(entry_t e, vaddr_t va, vaddr_t end, unsigned shift, vaddr_t *next)
{
	*next = level_end(va, end, entry_shift(e, shift), false);
	return !entry_present(e);
}

pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next)
{
	pgd_t *pgdp = pgd_offset_pgd(mm_pgd(mm), va), pgd = upper_get_lockless(pgdp);
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;

	if (leads_nowhere(pgd, va, end, PGDIR_SHIFT, next))
		return NULL;
	p4dp = p4d_offset_lockless(pgdp, pgd, va);
	p4d = upper_get_lockless(p4dp);
	if (leads_nowhere(p4d, va, end, P4D_SHIFT, next))
		return NULL;
	pudp = pud_offset_lockless(p4dp, p4d, va);
	pud = upper_get_lockless(pudp);
	if (leads_nowhere(pud, va, end, PUD_SHIFT, next))
		return NULL;
	*next = level_end(va, end, PMD_SHIFT, false);
	return pmd_offset_lockless(pudp, pud, va);
}

pmd_t *pmd_lookup(struct mm *mm, vaddr_t va)
{
	vaddr_t next;

	return pmd_lookup_range(mm, va, va + PAGE_SIZE, &next);
}

pte_t *pte_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next)
{
	pmd_t *pmdp = pmd_lookup_range(mm, va, end, next), pmd;

	if (!pmdp)
		return NULL;
	pmd = upper_get_lockless(pmdp);
	return entry_present(pmd) ? pte_offset_lockless(pmdp, pmd, va) : NULL;
}

pte_t *pte_lookup(struct mm *mm, vaddr_t va)
{
	vaddr_t next;

	return pte_lookup_range(mm, va, va + PAGE_SIZE, &next);
}
