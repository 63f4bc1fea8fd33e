/* SPDX-License-Identifier: MIT */
/* A write fault puts a copy in the place of a page that another thread reads. In the place of the
 * zero page it puts a fresh one. */
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
	return lab_map_anonymous(v, v->va, v->a, PTE_USER | PTE_YOUNG);
}

/* By exchange, so that the new word is there before this role goes on. */
static void copy_by_store(struct variant *v)
{
	if (!lab_together(v))
		return;
	user_xchg(v->va, NEW_WORD);
	race_point(role_middle);
}

static void read_twice(struct variant *v)
{
	struct lab_patience patience = {0};

	v->value[WARM] = user_load(v->va);
	v->flag[WARM] = true;
	race_point(role_middle);
	if (!lab_together(v))
		return;
	while (lab_at_work(v, COPIER, &patience))
		user_load(v->va);
	race_point(role_probe);
	v->value[AFTER] = user_load(v->va);
}

static bool read_too_late(struct variant *v)
{
	unsigned stored = lab_when(COPIER, RACE_role_middle, 1);
	unsigned probed = lab_when(READER, RACE_role_probe, 1);

	v->outcome = v->value[AFTER] == NEW_WORD ? "new word" : "old word";
	return stored && stored < probed && v->value[AFTER] != NEW_WORD;
}

static enum verdict judge(struct variant *v)
{
	if (read_too_late(v)) {
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

/* The reader's first load maps the zero page, or comes behind the store and finds the new word. */
static enum verdict judge_zero(struct variant *v)
{
	if (read_too_late(v)) {
		lab_saw(v,
			"CPU %u had stored to a page nobody had stored to before, and CPU %u still read 0x%x, as by the zero page",
			v->cpu[COPIER], v->cpu[READER], v->value[AFTER]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[WARM] || v->value[AFTER] != NEW_WORD)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the reader had the zero page's translation, and read the new word once it was stored");
	return HELD;
}

SCENARIO(cow_reader_zero) = {
	.name = "tlb/cow-reader-zero",
	.rule = "no CPU reads the zero page after a store to the page that took its place",
	.reference =
		"Linux wp_page_copy(): is_zero_pfn() chooses what is copied, and ptep_clear_flush() comes all the same",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[COPIER] = {"writer", copy_by_store}, [READER] = {"reader", read_twice}},
	.script = STEPS(read_when_copied),
	CELLS_OF_A_FLUSH(flush_before_set),
	.tries = 8,
	.setup = map_anonymous_page,
	.judge = judge_zero,
};
