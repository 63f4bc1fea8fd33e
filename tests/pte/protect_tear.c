/* SPDX-License-Identifier: MIT */
/* The rights of an entry change in its other half alone, while a walker is between its reads. */
#include "tests/pte/high.h"
#include "tests/pte/software.h"

#define RULE                                                                                       \
	"rights change in place: a present entry never passes through none without an awaited "    \
	"flush"
#define REFERENCE                                                                                  \
	"Linux change_pte_range(): ptep_modify_prot_start() clears the entry, "                    \
	"ptep_modify_prot_commit() sets it, and the flush comes after the whole range"

#define MORE (PTE_USER | PTE_WRITE | PTE_EXEC)
#define LESS (PTE_USER | PTE_WRITE)

/* With execute and without it: NX, or XI, is in the half that walkers do not test. */
static void map_executable(struct variant *v, pte_t pte)
{
	v->entry_a = pte_modify(pte, MORE);
	v->entry_b = pte_modify(pte, LESS);
	lab_establish(v, v->entry_a);
	v->legal[v->nr_legal++] = v->entry_b;
}

static bool software_entry(struct variant *v)
{
	map_executable(v, lab_software_entry(1, 1));
	return true;
}

static bool high_frame(struct variant *v)
{
	v->a = lab_high_frame(v, &v->decoy);
	if (!v->a)
		return false;
	map_executable(v, lab_entry(v->a));
	return true;
}

static void take_execute(struct variant *v)
{
	protect_page_range(&v->mm, v->va, v->va + PAGE_SIZE, LESS);
}

/* The walker reads its first half before the change and its second one in the middle of it. When it
 * looks at the first half again, the writer is through or waits for it. */
static const struct step take_in_the_read[] = {
	STEP(WALKER, pte_between_halves, REACHED(WRITER, rights_changing)),
	STEP(WALKER, pte_before_recheck, REACHED(WRITER, role_done), BLOCKED_ON_ME(WRITER)),
	STEP(WRITER, role_start, REACHED(WALKER, pte_between_halves)),
	STEP(WRITER, rights_changing, REACHED(WALKER, pte_before_recheck)),
};

#define SYNC WITH(flush, sync), WITH(pte_read, recheck)
#define CELLS_OF_A_CHANGE                                                                          \
	CELLS(HOLDS(SYNC),                                                                         \
	      HISTORICAL("the entry is none for a moment, and its present half is the same "       \
			 "afterwards",                                                             \
			 WITH(protect, clear_set), SYNC))

SCENARIO(protect_tear) = {
	.name = "pte/protect-tear",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT,
	.roles = {[WALKER] = {"walker", walk_once}, [WRITER] = {"writer", take_execute}},
	.script = STEPS(take_in_the_read),
	CELLS_OF_A_CHANGE,
	.setup = software_entry,
	.judge = judge_value,
};

SCENARIO(protect_tear_high) = {
	.name = "pte/protect-tear-high",
	.rule = RULE,
	.reference = REFERENCE,
	.mode = MODE_CHOREO,
	.needs = NEED_SPLIT | NEED_HIGH_RAM,
	.roles = {[WALKER] = {"walker", gup_once}, [WRITER] = {"writer", take_execute}},
	.script = STEPS(take_in_the_read),
	CELLS_OF_A_CHANGE,
	.setup = high_frame,
	.judge = judge_grabs,
};
