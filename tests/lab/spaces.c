/* SPDX-License-Identifier: MIT */
/* Goes through the spaces of a variant, and through the page tables of a space. */
#include "tests/lab/spaces.h"

#include "mm/table/pgtable.h"
#include "tests/lab/process.h"

struct mm *space_at(struct variant *v, unsigned n)
{
	assert(n < SPACES_MOST);
	return n ? process_mm(v, n - 1) : &v->mm;
}

bool next_table(struct mm *mm, vaddr_t end, struct table_part *part)
{
	if (end > user_end(mm->pgd))
		end = user_end(mm->pgd);
	while (part->end < end) {
		pmd_t *pmdp;

		part->start = part->end;
		pmdp = pmd_lookup_range(mm, part->start, end, &part->end);
		if (!pmdp || !entry_present(entry_read(pmdp)))
			continue;
		part->ptep = pte_offset(pmdp, part->start);
		return true;
	}
	return false;
}
