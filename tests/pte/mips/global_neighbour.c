/* SPDX-License-Identifier: MIT */
/* Two CPUs make global entries of the kernel's own, in the two slots of one TLB entry. */
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	EVEN,
	ODD,
};

static pte_t pair[2] __aligned(16); /* shared, and no CPU translates by it */

static bool setup(struct variant *v)
{
	pair[EVEN] = pair[ODD] = PTE_NONE;
	v->entry_a = lab_software_entry(1, 1);
	v->entry_b = lab_software_entry(2, 2);
	return true;
}

static void set_even(struct variant *v)
{
	set_pte_global(&pair[EVEN], v->entry_a);
}

static void set_odd(struct variant *v)
{
	set_pte_global(&pair[ODD], v->entry_b);
}

static pte_t as_global(pte_t pte)
{
	pte.word[OTHER_WORD] |= XPA_G;
	return pte;
}

static enum verdict judge(struct variant *v)
{
	const pte_t set[] = {[EVEN] = v->entry_a, [ODD] = v->entry_b};

	for (unsigned i = EVEN; i <= ODD; i++) {
		entry_t is = entry_read(&pair[i]);

		if (entry_same(is, as_global(set[i])))
			continue;
		lab_saw(v, "slot %u was set to 0x%llx and holds 0x%llx", i,
			(unsigned long long)entry_value(as_global(set[i])),
			(unsigned long long)entry_value(is));
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the second slot was set while the first one's CPU was about to mark it; "
			"both hold what was set");
	return HELD;
}

static const struct step set_before_the_mark[] = {
	STEP(EVEN, neighbour_read, REACHED(ODD, role_done)),
	STEP(ODD, role_start, REACHED(EVEN, neighbour_read)),
};

SCENARIO(global_neighbour) = {
	.name = "pte/global-neighbour",
	.rule = "marking an empty neighbour global does not overwrite an entry that is "
		"set there meanwhile",
	.reference = "Linux mips set_pte(): the buddy's global bit, by a plain |= where entries "
		     "have 64 bits",
	.mode = MODE_CHOREO,
	.roles = {[EVEN] = {"even", set_even}, [ODD] = {"odd", set_odd}},
	.script = STEPS(set_before_the_mark),
	CELLS(HOLDS(), BREAKS(neighbour_atomic)),
	.setup = setup,
	.judge = judge,
};
