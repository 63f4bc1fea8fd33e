/* SPDX-License-Identifier: MIT */
/* Two CPUs fault at one address of a space without a table there, and the lock lets one of them
 * fill the slot, so the other finds it filled. */
#include "tests/walk/tables.h"

enum {
	FIRST,
	SECOND,
};

static bool setup(struct variant *v)
{
	v->a = lab_frame(v, ZONE_DIRECT);
	v->b = lab_frame(v, ZONE_DIRECT);
	v->va += TABLE_SPAN;
	return v->a && v->b;
}

static void fault(struct variant *v, unsigned role, struct page *page)
{
	get_page(page);
	v->flag[role] = mm_establish(&v->mm, v->va, lab_entry(page));
	if (!v->flag[role])
		put_page(page);
}

static void fault_first(struct variant *v)
{
	fault(v, FIRST, v->a);
}

static void fault_second(struct variant *v)
{
	fault(v, SECOND, v->b);
}

static enum verdict judge(struct variant *v)
{
	v->outcome = v->flag[FIRST] && v->flag[SECOND] ? "both"
		     : v->flag[FIRST]		       ? "first"
		     : v->flag[SECOND]		       ? "second"
						       : "neither";
	if (v->flag[FIRST] == v->flag[SECOND]) {
		lab_saw(v, "CPUs %u and %u filled one slot, and %s of them was told that it had",
			v->cpu[FIRST], v->cpu[SECOND], v->outcome);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u filled the slot, and CPU %u, which waited for the lock, found it "
		     "filled",
		     v->cpu[v->flag[SECOND]], v->cpu[v->flag[FIRST]]);
	return HELD;
}

static const struct step fault_while_locked[] = {
	STEP(FIRST, set_done, BLOCKED_ON_ME(SECOND), REACHED(SECOND, role_done)),
	STEP(SECOND, role_start, REACHED(FIRST, set_done)),
};

SCENARIO(two_faults) = {
	.name = "space/two-faults",
	.rule = "of two CPUs that establish one address, exactly one succeeds",
	.reference = "Linux do_anonymous_page(): pte_none() under the page-table lock",
	.mode = MODE_CHOREO,
	.roles = {[FIRST] = {"first", fault_first}, [SECOND] = {"second", fault_second}},
	.script = STEPS(fault_while_locked),
	CELLS(HOLDS(), BREAKS(unlock_release, FROM(PSO))),
	.setup = setup,
	.judge = judge,
};
