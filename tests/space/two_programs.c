/* SPDX-License-Identifier: MIT */
/* Two programs of one space. Each spins in user mode on what the other stores, and one is taken out
 * of a spin that no store ends. */
#include <asm/trap.h>

#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

#define WORD (v->va + 8)
#define CODE v->va

enum {
	FIRST,
	SECOND,
};

/* Indices of v->value. */
enum {
	FOUND, /* by the first, at the end of its spin, and by its exchange */
	TAKEN,
	ANSWER,	 /* by the second, at the end of its spin */
	STOPPED, /* by the first, from the spin that was stopped */
};

/* The page is there already, so no program faults. */
static bool setup(struct variant *v)
{
	if (is_error(do_mmap(&v->mm, v->va, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		return false;
	v->a = alloc_page(ZONE_DIRECT);
	if (!v->a)
		return false;
	clear_page(page_map(page_to_pfn(v->a), WINDOW_A));
	return lab_map_anonymous(v, v->va, v->a,
				 PTE_USER | PTE_WRITE | PTE_EXEC | PTE_YOUNG | PTE_DIRTY);
}

static void run_first(struct variant *v)
{
	user_store(CODE, USER_RETURN_WORD);
	user_call(CODE);
	v->value[FOUND] = user_spin(WORD, 0);
	v->value[TAKEN] = user_xchg(WORD, 8);
	v->value[STOPPED] = user_spin(WORD, 8);
}

static void run_second(struct variant *v)
{
	user_store(WORD, 7);
	v->value[ANSWER] = user_spin(WORD, 7);
	user_stop(v, FIRST);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;

	for (unsigned role = 0; role < v->nr_roles; role++) {
		if (!role_ended(v, role, &end))
			continue;
		lab_saw(v, "the %s program ended by a %s at 0x%llx, cause 0x%x",
			v->scenario->roles[role].name, user_access_name[end.access],
			(unsigned long long)end.address, end.cause);
		return VIOLATED;
	}
	if (v->value[FOUND] != 7 || v->value[TAKEN] != 7 || v->value[ANSWER] != 8 ||
	    v->value[STOPPED] != 8) {
		lab_saw(v, "the first found %u, took %u and was stopped at %u; the second found %u",
			v->value[FOUND], v->value[TAKEN], v->value[STOPPED], v->value[ANSWER]);
		return VIOLATED;
	}
	lab_evidence(v, "each spin ended by the other program's store, and the last one by a stop");
	return HELD;
}

SCENARIO(two_programs) = {
	.name = "space/two-programs",
	.rule = "programs of one space see each other's stores, and a program that spins in user mode can be taken out of it",
	.reference = "Linux exit_to_user_mode_loop(): a signal reaches a program that never calls",
	.mode = MODE_PROBE,
	.programs = true,
	.roles_meet = true,
	.roles = {[FIRST] = {"first", run_first}, [SECOND] = {"second", run_second}},
	CELLS(HOLDS()),
	.setup = setup,
	.judge = judge,
};
