/* SPDX-License-Identifier: MIT */
/* A lazy CPU uses no user address, but its hardware may walk the tables below its loaded root. So a
 * table is not freed before the flush has reached this CPU as well. Here it has interrupts off, as
 * a CPU in the middle of such a walk, so no flush can have reached it meanwhile. */
#include "tests/walk/tables.h"

enum {
	BORROWER = WALKER,
};

/* Tries to allocate the table's frame while this CPU stands for the walk. It must not succeed. */
static void borrow(struct variant *v)
{
	u32 flags;

	mm_lazy_enter();
	flags = irq_save();
	race_point(role_middle);
	v->b = alloc_page_at(v->value[TABLE]);
	race_point(role_probe);
	if (v->b)
		put_page(v->b);
	irq_restore(flags);
	mm_lazy_exit();
}

/* A walk begun after the entry is gone cannot find the table. */
static enum verdict judge(struct variant *v)
{
	unsigned began = lab_when(BORROWER, RACE_role_middle, 1),
		 cleared = lab_when(WRITER, RACE_clear_done, 1);

	if (cleared < began)
		return NO_EVIDENCE;
	if (v->b) {
		lab_saw(v,
			"table 0x%x was freed while CPU %u, lazy and with interrupts off, had "
			"the root loaded",
			v->value[TABLE], v->cpu[BORROWER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !lab_released_by(v, 0, 1))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "the writer was blocked, and table 0x%x not free, while CPU %u was lazy "
		     "with interrupts off",
		     v->value[TABLE], v->cpu[BORROWER]);
	return HELD;
}

static const struct step free_while_lazy[] = {
	STEP(BORROWER, role_middle, REACHED(WRITER, gather_released), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(BORROWER, role_middle)),
};

SCENARIO(lazy_walk) = {
	.name = "tlb/lazy-walk",
	.rule = "a table is freed only after the flush has reached the lazy CPUs",
	.reference =
		"Linux 3ef938c35035 x86/mm: Fix flush_tlb_range() when used for zapping normal "
		"PMDs: freed_tables",
	.mode = MODE_CHOREO,
	.needs = NEED_IPI_FLUSH,
	.roles = {[BORROWER] = {"borrower", borrow}, [WRITER] = {"writer", free_table}},
	.script = STEPS(free_while_lazy),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(tables_reach_lazy, WITH(flush, sync)),
	      BREAKS(lazy_attached, WITH(flush, sync))),
	.filling = FILLING_ALWAYS,
	.setup = own_table,
	.judge = judge,
};
