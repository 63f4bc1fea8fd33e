/* SPDX-License-Identifier: MIT */
/* Puts one more level of tables on top of a space in use. */
#include "mm/space/space.h"

#include "kernel/smp/smp_call.h"
#include "mm/table/locks.h"
#include "mm/table/table.h"

/* Runs on each CPU of the mask. A CPU about to load the space, or no longer in it, needs
 * nothing. */
static void reload_root(void *argument)
{
	struct mm *mm = argument;

	if (READ_ONCE(this_cpu()->mm) == mm)
		pgd_load(mm_root(mm));
}

/* The new top-level table is complete before any CPU can find it, even without a lock. */
static void publish(struct mm *mm, pfn_t table)
{
	pgd_t *pgd = phys_to_virt((paddr_t)table << PAGE_SHIFT);

	set_pte(pgd, mk_root_above(mm->pgd, (pfn_t)(mm_root(mm) >> PAGE_SHIFT)));
	if (guard(upgrade_release))
		smp_store_release(&mm->pgd, pgd);
	else
		WRITE_ONCE(mm->pgd, pgd);
	race_value(upgrade_done, mm_root(mm));
}

bool mm_upgrade(struct mm *mm)
{
	pfn_t table = PFN_NONE;

	if (!CAP_DYNAMIC_FOLDING)
		return false;
	tables_lock(mm);
	if (pgd_shift(mm->pgd) < PGDIR_SHIFT)
		table = table_alloc(root_above_none(mm->pgd));
	if (table != PFN_NONE) {
		table_remember(mm, table, root_above_none(mm->pgd));
		publish(mm, table);
		if (guard(upgrade_mb))
			smp_mb();
		if (guard(root_resync))
			call_cpus(READ_ONCE(mm->cpu_attach_mask), reload_root, mm);
	}
	tables_unlock(mm);
	return table != PFN_NONE;
}
