/* SPDX-License-Identifier: MIT */
/* Walks from an address to its slot, under the page-table lock. */
#include "mm/table/lookup.h"

#include "mm/table/pgtable.h"

/* If the entry leads nowhere, so does the whole part of [va, end) it covers. */
static bool leads_nowhere(entry_t e, vaddr_t va, vaddr_t end, unsigned shift, vaddr_t *next)
{
	*next = level_end(va, end, entry_shift(e, shift), false);
	return !entry_present(e);
}

pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next)
{
	pgd_t *pgdp = pgd_offset_pgd(mm->pgd, va);
	p4d_t *p4dp;
	pud_t *pudp;

	if (leads_nowhere(entry_read(pgdp), va, end, PGDIR_SHIFT, next))
		return NULL;
	p4dp = p4d_offset(pgdp, va);
	if (leads_nowhere(entry_read(p4dp), va, end, P4D_SHIFT, next))
		return NULL;
	pudp = pud_offset(p4dp, va);
	if (leads_nowhere(entry_read(pudp), va, end, PUD_SHIFT, next))
		return NULL;
	*next = level_end(va, end, PMD_SHIFT, false);
	return pmd_offset(pudp, va);
}

pmd_t *pmd_lookup(struct mm *mm, vaddr_t va)
{
	vaddr_t next;

	return pmd_lookup_range(mm, va, va + PAGE_SIZE, &next);
}

pte_t *pte_lookup(struct mm *mm, vaddr_t va)
{
	pmd_t *pmdp = pmd_lookup(mm, va);

	return pmdp && entry_present(entry_read(pmdp)) ? pte_offset(pmdp, va) : NULL;
}
