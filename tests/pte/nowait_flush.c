/* SPDX-License-Identifier: MIT */
/* A flush that does not wait for walkers is no sync, so only some ways to read an entry are still
 * safe. */
#include "tests/pte/software.h"

#define RULE                                                                                       \
	"with flush=nowait a walker notices an entry that changes present -> "                     \
	"none -> present under it"
#define REFERENCE                                                                                  \
	"Linux kvm_flush_tlb_multi(); 146b42e07494 mm/pgtable: add PAE safety to "                 \
	"__pte_offset_map()"

static void zap_and_refault(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
	lab_establish(v, v->entry_a);
}

#define NOWAIT	WITH(flush, nowait)
#define RECHECK NOWAIT, WITH(pte_read, recheck)
#define SEQ	NOWAIT, WITH(pte_read, seq)

/* For all rows here. */
#define READER_AND_WRITER                                                                          \
	.rule = RULE, .reference = REFERENCE, .mode = MODE_CHOREO,                                 \
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", zap_and_refault}},       \
	.setup = software_entries_mapped, .judge = judge_value

/* The walker stands between its reads of the halves, as in pte/aba-refault. */
static const struct step cycle_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_before_recheck, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, role_middle, REACHED(WALKER, pte_before_recheck)),
};

SCENARIO(nowait_flush) = {
	READER_AND_WRITER,
	.name = "pte/nowait-flush",
	.needs = NEED_SPLIT | NEED_NOWAIT,
	.script = STEPS(cycle_in_the_read),
	CELLS(HISTORICAL("low, high, low is torn when nobody waits for the walker", RECHECK,
			 WITH(entry_sync, none)),
	      HOLDS(RECHECK, WITH(entry_sync, ipi)), HOLDS(RECHECK, WITH(entry_sync, grace)),
	      HOLDS(SEQ), BREAKS(seq_rmb, FROM(WEAK), SEQ)),
};

/* An atomic read has no middle. The walker stops before it, and the writer makes both changes. */
static const struct step cycle_before_the_read[] = {
	STEP(WALKER, pte_before_low, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_read_done, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_before_low)),
	STEP(WRITER, role_middle, REACHED(WALKER, pte_read_done)),
};

SCENARIO(nowait_atomic) = {
	READER_AND_WRITER,
	.name = "pte/nowait-atomic",
	.needs = NEED_SPLIT | NEED_NOWAIT | NEED_ATOMIC64,
	.script = STEPS(cycle_before_the_read),
	CELLS(HOLDS(NOWAIT, WITH(pte_read, atomic64))),
};

/* A reader under the lock keeps the writer out, and the flush need not wait for it. */
static const struct step cycle_under_the_lock[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
};

SCENARIO(nowait_locked) = {
	READER_AND_WRITER,
	.name = "pte/nowait-locked",
	.needs = NEED_SPLIT | NEED_NOWAIT,
	.script = STEPS(cycle_under_the_lock),
	CELLS(HOLDS(NOWAIT, WITH(pte_read, locked))),
};
