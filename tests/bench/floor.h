/* SPDX-License-Identifier: MIT */
/* The least work of a walk down the tables, for floors. */
#pragma once

#include "mm/table/pgtable.h"

/* Returns the page table of va. Reads both words of each level once, and follows them untested. */
static __always_inline pte_t *floor_table(pgd_t *root, vaddr_t va)
{
	pgd_t *pgdp = root + table_index(va, pgd_shift(root), PTRS_PER_PGD), pgd = entry_read(pgdp);
	p4d_t *p4dp = p4d_offset_lockless(pgdp, pgd, va), p4d = P4D_FOLDED ? pgd : entry_read(p4dp);
	pud_t *pudp = pud_offset_lockless(p4dp, p4d, va), pud = PUD_FOLDED ? p4d : entry_read(pudp);
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, va), pmd = PMD_FOLDED ? pud : entry_read(pmdp);

	return pte_offset_lockless(pmdp, pmd, va);
}
