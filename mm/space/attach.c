/* SPDX-License-Identifier: MIT */
/* Tracks the CPUs with a space loaded as they join and leave it. */
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

/* A lazy CPU stays in cpu_attach_mask. So an initiator reads this one mask to reach every CPU with
 * the root loaded, and never has to wonder about a CPU on its way between two masks. */
void mm_lazy_enter(void)
{
	if (guard(lazy_enter_mb))
		smp_mb(); /* earlier loads and stores through user addresses are over */
	atomic_and(&this_cpu()->mm->cpumask, ~BIT(cpu_id()));
	if (!guard(lazy_attached))
		atomic_and(&this_cpu()->mm->cpu_attach_mask, ~BIT(cpu_id()));
}

/* Drops translations zapped while this CPU was lazy. */
static void catch_up(void)
{
	if (guard(lazy_exit_flush))
		tlb_flush_all();
}

/* Joins the mask first. A shootdown then flushes later zaps on this CPU, and the flush here covers
 * earlier ones. In the other order a zap between the two would miss this CPU, because its hardware
 * may fill the TLB at any time. */
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

/* Keeps interrupts off from the read of the root to the store of cpu->mm. The call of mm_upgrade()
 * has this CPU load a newer root only if cpu->mm says so. */
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
