/* SPDX-License-Identifier: MIT */
/* A table is taken away while another CPU's hardware may be on its way through it without being
 * asked, and no role looks, but the explorer's second judge does. */
#include "tests/lab/mapped.h"

static void zap_and_free_table(struct variant *v)
{
	vaddr_t start = ALIGN_DOWN(v->va, (vaddr_t)1 << PMD_SHIFT);

	lab_zap(v);
	free_pgtables(&v->mm, start, start + ((vaddr_t)1 << PMD_SHIFT));
}

static enum verdict judge(struct variant *v)
{
	lab_evidence(v, "the table is gone");
	return HELD;
}

/* Only the freeing CPU has the space loaded, and its own hardware may walk between two of its
 * steps. One of these steps is the flush. */
SCENARIO(hardware_own) = {
	.name = "explore/hardware-own",
	.rule = "whoever releases a table has flushed what its own hardware knew of the way there",
	.reference = "Intel SDM vol. 3, 4.10.4.2",
	.mode = MODE_EXPLORED,
	.filling = FILLING_ALWAYS,
	.roles = {{"writer", zap_and_free_table}},
	CELLS(HOLDS(), BREAKS(table_after_flush, BY(STOP), IF(NEED_IPI_FLUSH)),
	      BREAKS(own_flush, BY(TLB))),
	.setup = map_one_frame,
	.judge = judge,
};

/* A lazy CPU counts for tables, because it uses no address, but its hardware does. */
static void be_lazy(struct variant *v)
{
	(void)v;
	mm_lazy_enter();
}

SCENARIO(hardware_lazy) = {
	.name = "explore/hardware-lazy",
	.rule = "a table is released when no hardware of a lazy CPU can be on its way through it",
	.reference =
		"Linux 3ef938c35035 x86/mm: Fix flush_tlb_range() when used for zapping normal PMDs: freed_tables",
	.mode = MODE_EXPLORED,
	.filling = FILLING_ALWAYS,
	.roles = {{"borrower", be_lazy}, {"writer", zap_and_free_table}},
	CELLS(HOLDS(), HOLDS(WITH(flush, nowait)),
	      BREAKS(tables_reach_lazy, BY(TLB), IF(NEED_IPI_FLUSH))),
	.setup = map_one_frame,
	.judge = judge,
};

/* The load of another root is a step as well, and before it the hardware walks from the old one. */
static void leave(struct variant *v)
{
	(void)v;
	mm_switch(NULL);
}

SCENARIO(hardware_leave) = {
	.name = "explore/hardware-leave",
	.rule = "a CPU that leaves a space is asked to flush as long as its hardware has the root",
	.reference = "Linux switch_mm_irqs_off(): load_new_mm_cr3(), then cpumask_clear_cpu()",
	.mode = MODE_EXPLORED,
	.filling = FILLING_ALWAYS,
	.roles = {{"leaver", leave}, {"writer", zap_and_free_table}},
	CELLS(HOLDS(), BREAKS(leave_after_load, BY(STOP), IF(NEED_IPI_FLUSH))),
	.setup = map_one_frame,
	.judge = judge,
};

SCENARIO(hardware_walk) = {
	.name = "explore/hardware-walk",
	.rule = "a table is released when no hardware can be on its way through it",
	.reference = "Intel SDM vol. 3, 4.10.2.3, 4.10.3 (paging-structure caches), 4.10.4.1",
	.mode = MODE_EXPLORED,
	.filling = FILLING_ALWAYS,
	.roles = {{"bystander", lab_stand_by}, {"writer", zap_and_free_table}},
	CELLS(HOLDS(), HOLDS(WITH(flush, nowait)),
	      BREAKS(table_after_flush, BY(STOP), IF(NEED_IPI_FLUSH)),
	      BREAKS(shootdown, BY(TLB), IF(NEED_IPI_FLUSH)),
	      BREAKS(invalidate_at_clear, BY(TLB), IF(NEED_BROADCAST))),
	.setup = map_one_frame,
	.judge = judge,
};
