/* SPDX-License-Identifier: MIT */
/* A walker without a lock reads an entry of two words while a writer replaces the entry. */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define REFERENCE                                                                                  \
	"Linux ptep_get_lockless(); Jason Gunthorpe, linux-mm 2022-10-06: read_low, read_high, "   \
	"read_low"

/* A -> none -> B. */
static void replace(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, v->entry_b);
}

/* The walker stands between its two reads until the writer has ended or waits for it. */
static const struct step replace_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
};

/* For a reader with the guards, and a flush that waits for it. */
#define RECHECK WITH(flush, sync), WITH(pte_read, recheck)

SCENARIO(torn_read) = {
	.name = "pte/torn-read",
	.rule = "a lockless read of a two-word entry returns a pair that was stored, or not "
		"present",
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", replace}},
	.script = STEPS(replace_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(present_recheck, RECHECK),
	      BREAKS(recheck_rmb, FROM(WEAK), RECHECK)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

/* The same end to end, on real frames. */
SCENARIO(torn_read_high) = {
	.name = "pte/torn-read-high",
	.rule = "gup_fast takes a reference only on frames that the address mapped",
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_once}, [WRITER] = {"writer", replace}},
	.script = STEPS(replace_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(present_recheck, RECHECK)),
	.setup = high_frames_mapped,
	.judge = judge_grabs,
};
