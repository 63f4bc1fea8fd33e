/* SPDX-License-Identifier: MIT */
/* An entry is cleared half by half while a walker is between its reads. */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define RULE "a split clear takes the half with the present bit first"
#define REFERENCE                                                                                  \
	"Linux native_pte_clear() (PAE): \"we must clear the P-bit first\"; mips pte_clear() "     \
	"does not"

/* The walker stands between low and high, and goes on when the writer is half way in its clear. */
static const struct step walk_in_the_clear[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, clear_between_halves)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, clear_between_halves, REACHED(WALKER, pte_read_done)),
};

#define SPLIT WITH(zap, split), WITH(pte_read, recheck)

SCENARIO(zap_order) = {
	.name = "pte/zap-order",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(walk_in_the_clear),
	CELLS(HOLDS(SPLIT), BREAKS(zap_present_first, SPLIT)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

SCENARIO(zap_order_high) = {
	.name = "pte/zap-order-high",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_once}, [WRITER] = {"writer", lab_zap}},
	.script = STEPS(walk_in_the_clear),
	CELLS(HOLDS(SPLIT), BREAKS(zap_present_first, SPLIT)),
	.setup = high_frames_mapped,
	.judge = judge_grabs,
};
