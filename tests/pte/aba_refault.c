/* SPDX-License-Identifier: MIT */
/* The entry goes and comes back unchanged while a walker is between its reads. */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define SYNC WITH(flush, sync), WITH(pte_read, recheck)
#define RULE                                                                                       \
	"no present -> none -> present change completes while a walker is "                        \
	"inside, because the writer awaits every walker's CPU"
#define REFERENCE                                                                                  \
	"Jann Horn, linux-mm 2022-10-06: ptep_get_lockless() on 32-bit x86/mips/sh looks wrong"

/* One cycle, equal low halves (A -> none -> A, the same frame zapped and faulted in again). */
static void zap_and_refault(struct variant *v)
{
	lab_zap(v);
	race_point(role_middle);
	lab_establish(v, v->entry_a);
}

/* The high half is read while the slot is empty, the low half again when it is full. */
static const struct step cycle_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, role_middle), BLOCKED_ON_ME(WRITER)),
	STEP(WALKER, pte_before_recheck, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, role_middle, REACHED(WALKER, pte_before_recheck)),
};

SCENARIO(aba_refault) = {
	.name = "pte/aba-refault",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", zap_and_refault}},
	.script = STEPS(cycle_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(shootdown_wait, SYNC)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

/* Two cycles, different low halves (A -> none -> B before the high half is read, B -> none -> A
 * after). */
static void zap_and_refault_twice(struct variant *v)
{
	lab_zap(v);
	lab_establish(v, v->entry_b);
	race_point(role_middle);
	lab_zap(v);
	lab_establish(v, v->entry_a);
}

SCENARIO(aba_refault_two) = {
	.name = "pte/aba-refault-two",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", zap_and_refault_twice}},
	.script = STEPS(cycle_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(shootdown_wait, SYNC)),
	.setup = software_entries_mapped,
	.judge = judge_value,
};

SCENARIO(aba_refault_high) = {
	.name = "pte/aba-refault-high",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_once}, [WRITER] = {"writer", zap_and_refault}},
	.script = STEPS(cycle_in_the_read),
	CELLS(HOLDS(WITH(flush, sync)), BREAKS(shootdown_wait, SYNC)),
	.setup = high_frames_mapped,
	.judge = judge_grabs,
};
