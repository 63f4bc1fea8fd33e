/* SPDX-License-Identifier: MIT */
/* Puts another page in the place of a mapped one. */
#include "mm/table/replace.h"

#include "mm/table/clear.h"
#include "mm/table/gather.h"

void replace_pte(struct mm *mm, vaddr_t va, pte_t *ptep, pte_t pte)
{
	mm_clear_pte(mm, va, ptep);
	if (guard(flush_before_set))
		flush_cleared(mm, va, va + PAGE_SIZE);
	set_pte(ptep, pte);
}
