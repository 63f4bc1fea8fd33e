/* SPDX-License-Identifier: MIT */
/* A write fault puts a copy in the place of a page that another thread reads. */
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	COPIER,
	READER,
};

#define NEW_WORD 0x600df00du

/* The lab has a reference of its own on v->a, so a store to it needs a copy. */
static bool setup(struct variant *v)
{
	if (is_error(do_mmap(&v->mm, v->va, PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)))
		return false;
	v->a = lab_frame(v, ZONE_DIRECT);
	if (!v->a)
		return false;
	get_page(v->a);
	return mm_establish(&v->mm, v->va, mk_pte(page_to_pfn(v->a), PTE_USER | PTE_YOUNG));
}

/* By exchange, so that the new word is there before this role goes on. */
static void copy_by_store(struct variant *v)
{
	user_xchg(v->va, NEW_WORD);
	race_point(role_middle);
}

static void read_twice(struct variant *v)
{
	v->value[WARM] = user_load(v->va);
	v->flag[WARM] = true;
	race_point(role_middle);
	race_point(role_probe);
	v->value[AFTER] = user_load(v->va);
}

static enum verdict judge(struct variant *v)
{
	unsigned stored = lab_when(COPIER, RACE_role_middle, 1);
	unsigned probed = lab_when(READER, RACE_role_probe, 1);

	v->outcome = v->value[AFTER] == NEW_WORD ? "new word" : "old word";
	if (stored && stored < probed && v->value[AFTER] != NEW_WORD) {
		lab_saw(v,
			"CPU %u had stored to the copy, and CPU %u still read 0x%x, the word of the old page",
			v->cpu[COPIER], v->cpu[READER], v->value[AFTER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v) || v->value[AFTER] != NEW_WORD)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the reader had the old page's translation, and read the copy's word once it was stored");
	return HELD;
}

static const struct step read_when_copied[] = {
	STEP(COPIER, role_start, REACHED(READER, role_middle)),
	STEP(READER, role_middle, REACHED(COPIER, role_middle)),
};

SCENARIO(cow_reader) = {
	.name = "tlb/cow-reader",
	.rule = "no CPU reads the old page after a store to its copy",
	.reference = "Linux wp_page_copy(): ptep_clear_flush() before the new entry is set",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[COPIER] = {"copier", copy_by_store}, [READER] = {"reader", read_twice}},
	.script = STEPS(read_when_copied),
	CELLS_OF_A_FLUSH(flush_before_set),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
