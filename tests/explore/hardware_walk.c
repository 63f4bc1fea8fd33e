/* SPDX-License-Identifier: MIT */
/* A table is taken away while another CPU's hardware may be on its way through it, which nobody
 * asked for. No role looks: the explorer's second judge does. */
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

SCENARIO(hardware_walk) = {
	.name = "explore/hardware-walk",
	.rule = "a table is released when no hardware can be on its way through it",
	.reference = "Intel SDM vol. 3, 4.10.2.3, 4.10.3 (paging-structure caches), 4.10.4.1",
	.mode = "explored",
	.filling = FILLING_ALWAYS,
	.roles = {{"bystander", lab_stand_by}, {"writer", zap_and_free_table}},
	CELLS(HOLDS(), HOLDS(WITH(flush, nosync)),
	      BREAKS_BY_IF(STOP, NEED_IPI_FLUSH, table_after_flush),
	      BREAKS_BY_IF(TLB, NEED_IPI_FLUSH, shootdown),
	      BREAKS_BY_IF(TLB, NEED_BROADCAST, ipte_at_clear)),
	.setup = map_one_frame,
	.judge = judge,
};
