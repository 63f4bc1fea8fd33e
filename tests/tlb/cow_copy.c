/* SPDX-License-Identifier: MIT */
/* A thread stores to a page after a fork and gets a copy, while another thread of its space may
 * still have a translation to store to the old page. */
#include "tests/lab/mapped.h"
#include "tests/lab/process.h"

enum {
	PARENT,
	THREAD,
	CHILD,
};

/* v->value: */
enum {
	ERROR,	    /* what fork() returned */
	READ,	    /* the thread's word, as the parent reads it in the end */
	CHILD_READ, /* the same in the child */
};

#define PARENT_WORD v->va
#define THREAD_WORD (v->va + sizeof(u32))
#define EARLY	    0xea12u
#define LATE	    0x1a7eu

static bool setup(struct variant *v)
{
	return !is_error(do_mmap(&v->mm, v->va, PAGE_SIZE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED));
}

static void fork_and_store(struct variant *v)
{
	v->value[ERROR] = (u32)sys_fork(v, CHILD);
	race_point(role_middle);
	user_store(PARENT_WORD, LATE);
	race_point(role_probe);
	v->value[READ] = user_load(THREAD_WORD);
}

static void store_twice(struct variant *v)
{
	user_store(THREAD_WORD, EARLY);
	race_point(role_middle);
	user_store(THREAD_WORD, LATE);
}

static void look_last(struct variant *v)
{
	race_point(role_middle);
	v->value[CHILD_READ] = user_load(THREAD_WORD);
}

/* Whether the thread's second store came after the fork. */
static bool after_fork(const struct variant *v)
{
	return role_began(v, CHILD) &&
	       lab_when(THREAD, RACE_role_middle, 1) > lab_when(PARENT, RACE_role_middle, 1);
}

static enum verdict judge(struct variant *v)
{
	unsigned probed = lab_when(PARENT, RACE_role_probe, 1);
	unsigned stored = lab_when(THREAD, RACE_role_done, 1);

	if (v->value[ERROR]) {
		lab_saw(v, "fork() returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	v->outcome = v->value[READ] == LATE ? "kept" : "lost";
	if (stored && stored < probed && v->value[READ] != LATE) {
		lab_saw(v,
			"CPU %u stored 0x%x while the page was copied, and its own space has 0x%x there: the store is lost",
			v->cpu[THREAD], LATE, v->value[READ]);
		return VIOLATED;
	}
	if (after_fork(v) && v->value[CHILD_READ] == LATE) {
		lab_saw(v,
			"the child reads 0x%x, which a thread of the parent stored after the fork",
			LATE);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !role_began(v, CHILD) || v->value[CHILD_READ] != EARLY)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page was copied, the thread's store is in the copy, and the child has the old page");
	return HELD;
}

static const struct step store_while_copied[] = {
	STEP(PARENT, role_start, REACHED(THREAD, role_middle)),
	STEP(THREAD, role_middle, REACHED(PARENT, fault_unlocked)),
	STEP(PARENT, fault_unlocked, REACHED(THREAD, role_done)),
	STEP(CHILD, role_middle, REACHED(PARENT, role_done)),
};

SCENARIO(cow_copy) = {
	.name = "tlb/cow-copy",
	.rule = "a page is copied only after no CPU can store to it any more",
	.reference =
		"Linux dup_mmap(): flush_tlb_mm() before the mmap lock drops; 6ce64428d620 mm/userfaultfd: fix memory corruption due to writeprotect",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PARENT] = {"parent", fork_and_store},
		  [THREAD] = {"thread", store_twice},
		  [CHILD] = {"child", look_last}},
	.forked = BIT(CHILD),
	.unexplored = "three whole roles have too many states",
	.script = STEPS(store_while_copied),
	CELLS_OF_A_FLUSH(fork_flush),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
