/* SPDX-License-Identifier: MIT */
/* A flush that does not wait for walkers is no sync: what then reads an entry safely, and what does
 * not. */
#include "tests/pte/software.h"

#define RULE                                                                                       \
	"flush=nowait: an entry changes present -> none -> present under a walker, which must "    \
	"notice"
#define REFERENCE                                                                                  \
	"Linux kvm_flush_tlb_multi(); 146b42e07494 mm/pgtable: add PAE safety to "                 \
	"__pte_offset_map()"

static void zap_and_refault(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
	lab_establish(v, v->entry[0]);
}

#define NOWAIT WITH(flush, nowait)

/* The walker stands between its reads of the halves, as in pte/aba-refault. */
SCENARIO(nowait_flush) = {
	.name = "pte/nowait-flush",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_NOWAIT,
	.roles = {{"walker", walk_once}, {"writer", zap_and_refault}},
	.script =
		{
			STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle),
			     BLOCKED_ON_ME(WRITER)),
			STEP(WALKER, pte_before_recheck, REACHED(WRITER, role_done),
			     BLOCKED_ON_ME(WRITER)),
			STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
			STEP(WRITER, role_middle, REACHED(WALKER, pte_before_recheck)),
		},
	CELLS(HISTORICAL("low, high, low is torn when nobody waits for the walker", NOWAIT,
			 WITH(pte_read, recheck), WITH(entry_sync, none)),
	      HOLDS(NOWAIT, WITH(pte_read, recheck), WITH(entry_sync, ipi)),
	      HOLDS(NOWAIT, WITH(pte_read, recheck), WITH(entry_sync, grace)),
	      HOLDS(NOWAIT, WITH(pte_read, seq)),
	      BREAKS_FROM(WEAK, seq_rmb, NOWAIT, WITH(pte_read, seq))),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

/* An atomic read has no middle: the walker stands before it, and the writer goes through both
 * changes. */
SCENARIO(nowait_atomic) = {
	.name = "pte/nowait-atomic",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_NOWAIT | NEED_ATOMIC64,
	.roles = {{"walker", walk_once}, {"writer", zap_and_refault}},
	.script =
		{
			STEP(WALKER, pte_before_low, REACHED(WRITER, role_middle),
			     BLOCKED_ON_ME(WRITER)),
			STEP(WALKER, pte_read_done, REACHED(WRITER, role_done),
			     BLOCKED_ON_ME(WRITER)),
			STEP(WRITER, role_start, REACHED(WALKER, pte_before_low)),
			STEP(WRITER, role_middle, REACHED(WALKER, pte_read_done)),
		},
	CELLS(HOLDS(NOWAIT, WITH(pte_read, atomic64))),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

/* A reader under the lock keeps the writer out, whatever the flush waits for. */
SCENARIO(nowait_locked) = {
	.name = "pte/nowait-locked",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_NOWAIT,
	.roles = {{"walker", walk_once}, {"writer", zap_and_refault}},
	.script =
		{
			STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle),
			     BLOCKED_ON_ME(WRITER)),
			STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
		},
	CELLS(HOLDS(NOWAIT, WITH(pte_read, locked))),
	.setup = software_entries_mapped,
	.judge = judge_value,
};
