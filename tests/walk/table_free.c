/* SPDX-License-Identifier: MIT */
/* A table is freed while a walker is about to load from it. */
#include "tests/walk/tables.h"

#define RULE "a table is freed only after every walker that may be inside it has left"

/* The walker's CPU, before its first load from the table, is also the lab, as the next owner of
 * freed frames. If it can allocate the table's frame, it fills the frame with entries that look
 * good. */
static void own_the_table(struct variant *v)
{
	struct page *page = alloc_page_at(v->value[TABLE]);
	entry_t *entry;

	v->b = page;
	if (!page)
		return;
	entry = page_map(v->value[TABLE], WINDOW_A);
	for (unsigned i = 0; i < PTRS_PER_PTE; i++)
		for (unsigned word = 0; word < ENTRY_WORDS; word++)
			entry_write_word(&entry[i], word, lab_entry(v->a).word[word]);
}

static void walk(struct variant *v)
{
	gup_in_table(v);
	if (v->b)
		put_page(v->b);
}

static enum verdict judge(struct variant *v)
{
	unsigned grabbed = lab_when(WALKER, RACE_gup_grabbed, 1);

	if (v->b) {
		lab_saw(v,
			"table 0x%x was freed and reused while the walker was about to load from "
			"it%s",
			v->value[TABLE],
			grabbed ? "; it took a reference on a frame it found there" : "");
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !lab_released_by(v, 0, 1))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "the writer was blocked, and table 0x%x not free, while the walker was in it",
		     v->value[TABLE]);
	return HELD;
}

static const struct step free_before_the_load[] = {
	STEP_ACT(WALKER, gup_pte_table, own_the_table, REACHED(WRITER, gather_released),
		 BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, gup_pte_table)),
};

#define NOWAIT WITH(flush, nowait)

SCENARIO(table_free) = {
	.name = "walk/table-free",
	.rule = RULE,
	.reference = "Linux mmu_gather: tlb_flush_mmu_tlbonly() before tables are freed; "
		     "gup_fast's IRQs-off",
	.mode = MODE_CHOREO,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", free_table}},
	.script = STEPS(free_before_the_load),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(table_after_flush, WITH(flush, sync)),
	      MASKED(table_sync, "shootdown_wait", WITH(flush, sync))),
	.setup = own_table,
	.judge = judge,
};

SCENARIO(table_free_nowait) = {
	.name = "walk/table-free-nowait",
	.rule = RULE ", also when the flush does not wait for walkers",
	.reference = "Linux tlb_remove_table_sync_one(), 2ba99c5e0881; 9e52fc2b50de",
	.mode = MODE_CHOREO,
	.needs = NEED_NOWAIT,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", free_table}},
	.script = STEPS(free_before_the_load),
	CELLS(HOLDS(NOWAIT, WITH(table_free, grace)),
	      BREAKS(table_sync, NOWAIT, WITH(table_free, grace)),
	      HOLDS(NOWAIT, WITH(table_free, ipi)),
	      BREAKS(table_sync, NOWAIT, WITH(table_free, ipi)),
	      BREAKS(grace_mb, FROM(TSO), IF(NEED_BROADCAST), NOWAIT, WITH(table_free, grace)),
	      MASKED(grace_mb, "the flush's NMI, a barrier on the walker's CPU", FROM(TSO),
		     IF(NEED_IPI_FLUSH | NEED_ATOMIC64), NOWAIT, WITH(table_free, grace))),
	.setup = own_table,
	.judge = judge,
};
