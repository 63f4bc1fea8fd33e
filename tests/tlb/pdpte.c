/* SPDX-License-Identifier: MIT */
/* A top-level entry becomes present while a CPU has the root loaded. */
#include "tests/lab/mapped.h"

enum {
	READER,
	WRITER,
};

/* The top-level entry is still empty, and with top_tables=dynamic it has no table yet. */
static bool setup(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	v->va = ((v->va >> pgd_shift(v->mm.pgd)) + 1) << pgd_shift(v->mm.pgd);
	return v->a;
}

static void look_twice(struct variant *v)
{
	load_warm(v); /* faults, so the CPU has seen that the top-level entry is not present */
	race_point(role_middle);
	load_after(v);
}

static void establish(struct variant *v)
{
	lab_establish(v, lab_entry(v->a));
	smp_mb(); /* the store behind "established" must not be on its way any more */
}

static enum verdict judge(struct variant *v)
{
	unsigned set = lab_when(WRITER, RACE_set_done, 1),
		 over = lab_when(WRITER, RACE_role_done, 1);
	unsigned probed = lab_when(READER, RACE_role_probe, 1);

	if (set && over < probed && !v->flag[AFTER]) {
		lab_saw(v,
			"the page was established, but CPU %u still uses the old top-level entry "
			"and faults",
			v->cpu[READER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->flag[WARM])
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u faulted while the top-level entry was empty, and reads frame 0x%x now",
		     v->cpu[READER], page_to_pfn(v->a));
	return HELD;
}

static const struct step establish_between_the_loads[] = {
	STEP(READER, role_middle, REACHED(WRITER, role_done)),
	STEP(WRITER, role_start, REACHED(READER, role_middle)),
};

#define DYNAMIC WITH(top_tables, dynamic)

SCENARIO(pdpte) = {
	.name = "tlb/pdpte",
	.rule = "a top-level entry that became present is used by every CPU that has the root "
		"loaded",
	.reference = "Linux pud_populate() (PAE); Intel SDM vol. 3, 4.4.1: PDPTE registers, loaded "
		     "by MOV to CR3",
	.mode = MODE_CHOREO,
	.roles = {[READER] = {"reader", look_twice}, [WRITER] = {"writer", establish}},
	.script = STEPS(establish_between_the_loads),
	CELLS(HOLDS(DYNAMIC), BREAKS(top_entry_reload, IF(NEED_TOP_CACHE), DYNAMIC)),
	.setup = setup,
	.judge = judge,
};
