/* SPDX-License-Identifier: MIT */
/* Begins and ends an address space. */
#include "mm/space/space.h"

#include "kernel/printk.h"
#include "mm/space/vma.h"
#include "mm/table/pgtable.h"
#include "mm/table/table.h"
#include "mm/table/zap.h"

/* Makes empty tables for the top-level entries, because those may never change while a CPU uses the
 * space. */
static bool preallocate(struct mm *mm)
{
	if (!choice_is(top_tables, preallocated))
		return true;
	for (unsigned i = 0; i != PREALLOCATED_PMDS; i++) {
		pfn_t table = table_alloc(P4D_NONE);

		if (table == PFN_NONE)
			return false;
		table_remember(mm, table, P4D_NONE);
		set_pte(&mm->pgd[i], mk_pgd(table));
	}
	return true;
}

bool mm_create(struct mm *mm)
{
	pfn_t root;

	*mm = (struct mm){.tables = PFN_NONE};
	root = table_alloc(ROOT_NONE);
	if (root == PFN_NONE)
		return false;
	table_remember(mm, root, ROOT_NONE);
	mm->pgd = phys_to_virt((paddr_t)root << PAGE_SHIFT);
	pgd_init_kernel(mm->pgd);
	if (preallocate(mm))
		return true;
	table_free_all(mm);
	return false;
}

void mm_destroy(struct mm *mm)
{
	assert(!READ_ONCE(mm->cpu_attach_mask));
	zap_page_range(mm, 0, user_end(mm->pgd));
	vma_free_all(mm); /* before the tables, because until then files lead to them */
	table_free_all(mm);
}
