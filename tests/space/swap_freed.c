/* SPDX-License-Identifier: MIT */
/* A page in swap is dropped while another thread brings it back. Its slot is free then, and may be
 * in the middle of being read. */
#include "tests/space/swapped.h"

enum {
	LOADER,
	DROPPER,
};

/* v->value, what each role has read. */
enum {
	READ_LOADER,
	READ_DROPPER,
};

static bool setup(struct variant *v)
{
	return map_swapped_page(v, 1);
}

static void load(struct variant *v)
{
	v->value[READ_LOADER] = user_load(v->va);
}

/* Once the page is dropped, the memory begins with zeros. */
static void drop_and_load(struct variant *v)
{
	sys_madvise(v->va, PAGE_SIZE, MADV_DONTNEED);
	race_point(role_middle);
	v->value[READ_DROPPER] = user_load(v->va);
}

static bool saw_end(struct variant *v)
{
	struct role_end end;

	if (!role_ended(v, LOADER, &end))
		return false;
	lab_saw(v, "CPU %u read a slot that was free: its load ended as a bad access",
		v->cpu[LOADER]);
	return true;
}

static enum verdict judge(struct variant *v)
{
	unsigned role;

	v->outcome = v->value[READ_LOADER] == WORD ? "the word" : "zeros";
	if (saw_end(v))
		return VIOLATED;
	if (v->value[READ_DROPPER] || freed_twice_by(&role)) {
		lab_saw(v,
			"CPU %u had dropped the page, and read 0x%x of it: it came back from a slot that was free",
			v->cpu[DROPPER], v->value[READ_DROPPER]);
		return VIOLATED;
	}
	if (v->value[READ_LOADER] && v->value[READ_LOADER] != WORD) {
		lab_saw(v, "CPU %u read 0x%x, which was never there", v->cpu[LOADER],
			v->value[READ_LOADER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the slot was freed while CPU %u read it, and the page did not come back",
		     v->cpu[LOADER]);
	return HELD;
}

static const struct step drop_meanwhile[] = {
	STEP(LOADER, fault_unlocked, REACHED(DROPPER, role_middle)),
	STEP(DROPPER, role_start, REACHED(LOADER, fault_unlocked)),
	STEP(DROPPER, role_middle, REACHED(LOADER, role_done)),
};

SCENARIO(swap_freed) = {
	.name = "space/swap-freed",
	.rule = "a page in swap that is dropped while it is brought back stays away",
	.reference = "Linux do_swap_page(): get_swap_device(), swapcache_prepare(), pte_same()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[LOADER] = {"loader", load}, [DROPPER] = {"dropper", drop_and_load}},
	.explored_below = FROM_WEAK,
	.script = STEPS(drop_meanwhile),
	CELLS(HOLDS(), BREAKS(fault_recheck)),
	.setup = setup,
	.judge = judge,
};
