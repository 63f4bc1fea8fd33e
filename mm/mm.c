/* SPDX-License-Identifier: MIT */
#include "mm/mm.h"

#include <asm/tlb.h>

#include "kernel/printk.h"
#include "kernel/smp/shootdown.h"
#include "mm/clear.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/table.h"

/* Empty tables for the top-level entries that may never change while a CPU uses the space. */
static bool preallocate(struct mm *mm)
{
	if (!choice_is(top_tables, preallocated))
		return true;
	for (unsigned i = 0; i != PREALLOCATED_PGDS; i++) {
		pfn_t table = table_alloc(mm, P4D_NONE);

		if (table == PFN_NONE)
			return false;
		set_pte(&mm->pgd[i], mk_pgd(table));
	}
	return true;
}

bool mm_create(struct mm *mm)
{
	pfn_t root;

	*mm = (struct mm){.tables = PFN_NONE};
	root = table_alloc(mm, ROOT_NONE);
	if (root == PFN_NONE)
		return false;
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
	table_free_all(mm);
}

/* From here on shootdowns include this CPU. */
static void join_masks(struct mm *mm)
{
	atomic_or(&mm->cpu_attach_mask, BIT(cpu_id()));
	atomic_or(&mm->cpumask, BIT(cpu_id()));
	if (guard(switch_mb))
		smp_mb();
}

/* The root is not loaded here any more. */
static void leave_masks(struct mm *mm)
{
	atomic_and(&mm->cpumask, ~BIT(cpu_id()));
	atomic_and(&mm->cpu_attach_mask, ~BIT(cpu_id()));
}

/* It stays attached: whoever has to reach every CPU that has the root loaded reads that one mask,
 * and need not wonder which of two a CPU was in between. */
void mm_lazy_enter(void)
{
	if (guard(lazy_enter_mb))
		smp_mb(); /* what was loaded and stored through user addresses is over */
	atomic_and(&this_cpu()->mm->cpumask, ~BIT(cpu_id()));
	if (!guard(lazy_attached))
		atomic_and(&this_cpu()->mm->cpu_attach_mask, ~BIT(cpu_id()));
}

/* Drops what was zapped while this CPU was lazy. */
static void catch_up(void)
{
	if (guard(lazy_exit_flush))
		tlb_flush_all();
}

/* Back in the mask first: what is zapped from now on is flushed here by a shootdown, what was
 * before, by this flush. The other way round a zap between the two would miss this CPU, whose
 * hardware may fill its TLB at any time. */
void mm_lazy_exit(void)
{
	struct mm *mm = this_cpu()->mm;

	if (guard(join_before_flush))
		join_masks(mm);
	else
		catch_up();
	race(lazy_exit_half);
	if (guard(join_before_flush))
		catch_up();
	else
		join_masks(mm);
}

static paddr_t read_root(struct mm *mm)
{
	paddr_t root = mm_root(mm);

	race_value(switch_root_read, root);
	return root;
}

/* No interrupt comes between the read of the root and the note of which space it is: a call that
 * has this CPU load a newer root (mm_upgrade()) goes by that note. */
void mm_switch(struct mm *mm)
{
	struct cpu *cpu = this_cpu();
	struct mm *before = READ_ONCE(cpu->mm);
	bool leaves = before && before != mm;
	u32 flags;

	if (CAP_NOSYNC_FLUSH)
		nosync_settle();
	flags = guard(switch_irqs_off) ? irq_save() : 0;
	if (mm && guard(mask_before_load))
		join_masks(mm);
	if (mm)
		mm_await_clears(mm);
	if (leaves && !guard(leave_after_load)) {
		leave_masks(before);
		race(switch_left);
	}
	pgd_load(mm ? read_root(mm) : pgd_kernel());
	WRITE_ONCE(cpu->mm, mm);
	race_value(switch_loaded, mm ? mm_root(mm) : pgd_kernel());
	if (mm && !guard(mask_before_load))
		join_masks(mm);
	if (leaves && guard(leave_after_load)) {
		race(switch_left);
		leave_masks(before);
	}
	if (guard(switch_irqs_off))
		irq_restore(flags);
}

/* The entry leads nowhere: so does the whole part of [va, end) that it covers. */
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

bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte)
{
	bool empty;
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc(mm, va);
	empty = ptep && !entry_present(entry_read(ptep));
	if (empty)
		set_pte(ptep, pte);
	spin_unlock(&mm->page_table_lock);
	return empty;
}
