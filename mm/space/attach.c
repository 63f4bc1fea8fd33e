/* SPDX-License-Identifier: MIT */
/* Keeps which CPUs have a space loaded, and says how one joins and leaves them. */
#include "mm/space/attach.h"

#include <asm/tlb.h>

#include "kernel/smp/shootdown.h"
#include "mm/table/clear.h"
#include "mm/table/pgtable.h"

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
	race_point(lazy_exit_half);
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

	if (CAP_NOWAIT_FLUSH)
		nowait_settle();
	flags = guard(switch_irqs_off) ? irq_save() : 0;
	if (mm && guard(mask_before_load))
		join_masks(mm);
	if (mm)
		mm_await_clears(mm);
	if (leaves && !guard(leave_after_load)) {
		leave_masks(before);
		race_point(switch_left);
	}
	pgd_load(mm ? read_root(mm) : pgd_kernel());
	WRITE_ONCE(cpu->mm, mm);
	race_value(switch_loaded, mm ? mm_root(mm) : pgd_kernel());
	if (mm && !guard(mask_before_load))
		join_masks(mm);
	if (leaves && guard(leave_after_load)) {
		race_point(switch_left);
		leave_masks(before);
	}
	if (guard(switch_irqs_off))
		irq_restore(flags);
}
