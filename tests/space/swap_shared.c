/* SPDX-License-Identifier: MIT */
/* A parent takes a page out of memory that it shares with its child, while the child uses it. Where
 * flushes are broadcast, no cell has invalidate_at_clear off. The parent's own flush, which is left
 * for later there, drops all translations of every CPU in QEMU, and so the child's as well. */
#include "tests/lab/process.h"
#include "tests/space/swapped.h"

enum {
	PARENT,
	CHILD,
};

/* v->value: */
enum {
	READ_PARENT = AFTER + 1, /* in the end */
	FORK,			 /* what fork() and page_out() returned */
	OUT,
};

static bool setup(struct variant *v)
{
	return map_page_of_words(v, 1);
}

static void fork_and_take_out(struct variant *v)
{
	v->value[FORK] = (u32)sys_fork(v, CHILD);
	race_point(role_middle);
	v->value[OUT] = (u32)sys_driver_page_out(v->va);
	race_point(role_probe);
	v->value[READ_PARENT] = user_load(v->va);
}

/* The first load leaves a translation. */
static void load_twice(struct variant *v)
{
	v->value[WARM] = user_load(v->va);
	race_point(role_middle);
	v->value[AFTER] = user_load(v->va);
}

static bool saw_other_word(struct variant *v, const char *who, unsigned role, u32 word)
{
	if (word == WORD)
		return false;
	lab_saw(v, "the page had 0x%x, and the %s on CPU %u read 0x%x when it had gone out", WORD,
		who, v->cpu[role], word);
	return true;
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;
	int out = (int)v->value[OUT];

	v->outcome = out ? "busy" : "out";
	if (v->value[FORK] || role_ended(v, PARENT, &end) || role_ended(v, CHILD, &end)) {
		lab_saw(v, "fork() returned %d, or a program ended by a bad access",
			(int)v->value[FORK]);
		return VIOLATED;
	}
	if (saw_other_word(v, "child", CHILD, v->value[WARM]) ||
	    saw_other_word(v, "child", CHILD, v->value[AFTER]) ||
	    saw_other_word(v, "parent", PARENT, v->value[READ_PARENT]))
		return VIOLATED;
	if (!lab_script_complete(v) || out)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"CPU %u had a translation of the page, which went out of both spaces, and both found its word again",
		v->cpu[CHILD]);
	return HELD;
}

static const struct step load_when_out[] = {
	STEP(PARENT, role_middle, REACHED(CHILD, role_middle)),
	STEP(CHILD, role_middle, REACHED(PARENT, role_probe)),
	STEP(PARENT, role_probe, REACHED(CHILD, role_done)),
};

SCENARIO(swap_shared) = {
	.name = "space/swap-shared",
	.rule = "a page that goes out to swap goes out of every space that shares it",
	.reference = "Linux try_to_unmap(), rmap_walk_anon(); do_swap_page()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PARENT] = {"parent", fork_and_take_out}, [CHILD] = {"child", load_twice}},
	.forked = BIT(CHILD),
	.script = STEPS(load_when_out),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(unmap_flush)),
	.explored_below = FROM_TSO,
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
