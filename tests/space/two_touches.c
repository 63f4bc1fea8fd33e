/* SPDX-License-Identifier: MIT */
/* Two threads store to one page that nobody has touched. Both faults make a page, and only one of
 * them is established. */
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	FIRST,
	SECOND,
};

/* v->value: */
enum {
	READ, /* by the first, where the second one has stored */
};

#define WORD_OF(role) (0x5707ed00u + (role))

/* By a store, because an exchange by a linked load faults for the load first. */
static void touch_first(struct variant *v)
{
	user_store(v->va, WORD_OF(FIRST));
	race_point(role_probe);
	v->value[READ] = user_load(v->va + sizeof(u32));
}

/* The exchange behind the store has full order, so the word is there at role_middle. */
static void touch_second(struct variant *v)
{
	user_store(v->va + sizeof(u32), WORD_OF(SECOND));
	user_xchg(v->va + sizeof(u32), WORD_OF(SECOND));
	race_point(role_middle);
}

/* If both entries were established, the page of the first is in no table any more, and nobody else
 * would give it back. */
static void give_back_lost(void)
{
	unsigned first = lab_when(FIRST, RACE_set_done, 1),
		 second = lab_when(SECOND, RACE_set_done, 1);
	pfn_t lost;

	if (!first || !second)
		return;
	lost = entry_pfn(entry_from_value(lab_value_at(first < second ? first : second)));
	put_page(pfn_to_page(lost));
}

static enum verdict judge(struct variant *v)
{
	unsigned stored = lab_when(SECOND, RACE_role_middle, 1);
	bool before = stored && stored < lab_when(FIRST, RACE_role_probe, 1);

	v->outcome = v->value[READ] == WORD_OF(SECOND) ? "both words" : "one word";
	give_back_lost();
	if (before && v->value[READ] != WORD_OF(SECOND)) {
		lab_saw(v,
			"CPU %u had stored 0x%x to the page, and CPU %u read 0x%x there: the page of the second fault is gone",
			v->cpu[SECOND], WORD_OF(SECOND), v->cpu[FIRST], v->value[READ]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !before)
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u found the page of CPU %u, and gave its own back", v->cpu[FIRST],
		     v->cpu[SECOND]);
	return HELD;
}

static const struct step fault_meanwhile[] = {
	STEP(FIRST, fault_unlocked, REACHED(SECOND, role_middle)),
	STEP(SECOND, role_start, REACHED(FIRST, fault_unlocked)),
};

SCENARIO(two_touches) = {
	.name = "space/two-touches",
	.rule = "of two faults that fill one slot, the second one finds it filled and does nothing",
	.reference = "Linux do_anonymous_page(): vmf_pte_changed() under the page-table lock",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[FIRST] = {"first", touch_first}, [SECOND] = {"second", touch_second}},
	.script = STEPS(fault_meanwhile),
	CELLS(HOLDS(), BREAKS(fault_recheck)),
	.setup = map_anonymous_page,
	.judge = judge,
};
