/* SPDX-License-Identifier: MIT */
/* A page leaves its file while a program with a private mapping of the page forks. */
#include "tests/space/truncated.h"

enum {
	FORKER,
	TRUNCATER,
	CHILD, /* never runs */
};

/* v->value: */
enum {
	ERROR = NR_TRUNCATED, /* what fork() returned */
};

/* The page was only loaded, so it is the file's. A fork copies no entries of shared mappings. */
static bool setup(struct variant *v)
{
	return map_loaded_file(v, 1, MAP_PRIVATE);
}

static void fork_child(struct variant *v)
{
	v->value[ERROR] = (u32)sys_fork(v, CHILD);
}

static enum verdict judge(struct variant *v)
{
	if (truncation_failed(v))
		return VIOLATED;
	if (v->value[ERROR]) {
		lab_saw(v, "fork() returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (is_mapped(&v->mm, v->va)) {
		lab_saw(v, "the page is still mapped by the parent when its file has lost it");
		return VIOLATED;
	}
	if (role_began(v, CHILD) && is_mapped(&v->process[CHILD].mm, v->va)) {
		lab_saw(v,
			"the page is still mapped when its file has lost it: the child, which CPU %u forked, has it at 0x%lx",
			v->cpu[FORKER], (unsigned long)v->va);
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page left the file while CPU %u forked, and neither the parent nor the child maps it",
		v->cpu[FORKER]);
	return HELD;
}

static const struct step truncate_in_the_fork[] = {
	STEP(FORKER, fork_copied, REACHED(TRUNCATER, role_done)),
	STEP(TRUNCATER, role_start, REACHED(FORKER, fork_copied)),
};

SCENARIO(rmap_fork) = {
	.name = "space/rmap-fork",
	.rule = "a page that leaves its file is found in each mapping of it, also in one that fork is adding",
	.reference = "Linux dup_mmap(): vma_interval_tree_insert_after() before copy_page_range()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[FORKER] = {"forker", fork_child}, [TRUNCATER] = {"truncater", truncate}},
	.forked = BIT(CHILD),
	.script = STEPS(truncate_in_the_fork),
	CELLS(HOLDS(), BREAKS(link_before_copy)),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
