/* SPDX-License-Identifier: MIT */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define SYNC WITH(flush, sync), WITH(pte_read, recheck)
#define RULE "a lockless read of a two-word entry returns a pair that was stored, or not present"
#define REFERENCE                                                                                  \
	"Linux ptep_get_lockless(); Jason Gunthorpe, linux-mm 2022-10-06: read_low, read_high, "   \
	"read_low"

/* A -> none -> B, while the walker stands between low and high. */
static void replace(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, v->entry_b);
}

#define SCRIPT                                                                                     \
	{                                                                                          \
		STEP(WALKER, pte_between_halves, REACHED(WRITER, role_done),                       \
		     BLOCKED_ON_ME(WRITER)),                                                       \
			STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),             \
	}

SCENARIO(torn_read) = {
	.name = "pte/torn-read",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {{"walker", walk_once}, {"writer", replace}},
	.script = SCRIPT,
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(present_recheck, SYNC),
	      BREAKS(recheck_rmb, FROM(WEAK), SYNC)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

SCENARIO(torn_read_high) = {
	.name = "pte/torn-read-high",
	.rule = "gup_fast takes a reference only on frames that the address mapped",
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {{"walker", gup_once}, {"writer", replace}},
	.script = SCRIPT,
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(present_recheck, SYNC)),
	.setup = high_frames_mapped,
	.judge = judge_grabs,
};
