/* SPDX-License-Identifier: MIT */
/* A thread stores to a page after a fork and gets a copy, while another thread of its space may
 * still have a translation to store to the old page. */
#include "tests/lab/mapped.h"
#include "mm/table/pgtable.h"
#include "tests/lab/process.h"

enum {
	PARENT,
	THREAD,
	CHILD, /* never runs */
};

/* v->value: */
enum {
	ERROR, /* what fork() returned */
	READ,  /* the thread's word, as the parent reads it in the end */
};

#define PARENT_WORD v->va
#define THREAD_WORD (v->va + sizeof(u32))
#define EARLY	    0xea12u
#define LATE	    0x1a7eu

static void fork_and_store(struct variant *v)
{
	v->value[ERROR] = (u32)sys_fork(v, CHILD);
	race_point(role_middle);
	user_xchg(PARENT_WORD, LATE);
	race_point(role_probe);
	v->value[READ] = user_load(THREAD_WORD);
}

static void store_twice(struct variant *v)
{
	user_store(THREAD_WORD, EARLY);
	race_point(role_middle);
	user_xchg(THREAD_WORD, LATE);
}

/* The thread's word in the child's page. The roles are over. */
static u32 child_word(struct variant *v)
{
	pte_t *ptep = pte_lookup(&v->process[CHILD].mm, v->va);
	const u32 *word = page_map(entry_pfn(entry_read(ptep)), WINDOW_A);

	return READ_ONCE(word[1]);
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
	if (after_fork(v) && child_word(v) == LATE) {
		lab_saw(v,
			"the child reads 0x%x, which a thread of the parent stored after the fork",
			LATE);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || child_word(v) != EARLY)
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
};

SCENARIO(cow_copy) = {
	.name = "tlb/cow-copy",
	.rule = "a page is copied only after no CPU can store to it any more",
	.reference =
		"Linux dup_mmap(): flush_tlb_mm() before the mmap lock drops; 6ce64428d620 mm/userfaultfd: fix memory corruption due to writeprotect",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PARENT] = {"parent", fork_and_store}, [THREAD] = {"thread", store_twice}},
	.forked = BIT(CHILD),
	.explored_below = FROM_PSO,
	.script = STEPS(store_while_copied),
	CELLS_OF_A_FLUSH(fork_flush),
	.tries = 8,
	.setup = map_anonymous_page,
	.judge = judge,
};
