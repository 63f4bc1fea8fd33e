/* SPDX-License-Identifier: MIT */
/* An entry is established while a walker is between its reads. */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define RULE "a lockless read reads the half with the present bit before the other half"
#define REFERENCE                                                                                  \
	"Linux ptep_get_lockless(); Jason Gunthorpe, linux-mm 2022-10-06: read_low; rmb; "         \
	"read_high"

/* none -> B, while the walker stands between its two reads. */
static void establish(struct variant *v)
{
	lab_establish(v, v->entry_a);
}

static const struct step establish_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
};

SCENARIO(read_order) = {
	.name = "pte/read-order",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", establish}},
	.script = STEPS(establish_in_the_read),
	CELLS(HOLDS(), BREAKS(read_present_first, WITH(pte_read, recheck)),
	      BREAKS(read_rmb, FROM(WEAK), WITH(pte_read, recheck))),
	.setup = software_entries,
	.judge = judge_value,
};

SCENARIO(read_order_high) = {
	.name = "pte/read-order-high",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_once}, [WRITER] = {"writer", establish}},
	.script = STEPS(establish_in_the_read),
	CELLS(HOLDS(), BREAKS(read_present_first, WITH(pte_read, recheck))),
	.setup = high_frames,
	.judge = judge_grabs,
};
