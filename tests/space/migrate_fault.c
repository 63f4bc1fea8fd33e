/* SPDX-License-Identifier: MIT */
/* A program loads from a page that is on its way to another frame. */
#include "tests/space/migrated.h"

/* v->value, what the program has read. */
#define READ NR_MIGRATED

static bool setup(struct variant *v)
{
	if (!map_stored_page(v))
		return false;
	WRITE_ONCE(*(u32 *)page_map(page_to_pfn(v->a), WINDOW_A), EARLY_WORD);
	return true;
}

/* The program has no translation of the page. */
static void load(struct variant *v)
{
	user_load(v->va + PAGE_SIZE);
	race_point(role_middle);
	v->value[READ] = user_load(v->va);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;

	v->outcome = has_moved(v) ? "moved" : "not moved";
	if (role_ended(v, PROGRAM, &end)) {
		lab_saw(v, "CPU %u met a page on its way, and its load ended as a bad access",
			v->cpu[PROGRAM]);
		return VIOLATED;
	}
	if (v->value[READ] != EARLY_WORD) {
		lab_saw(v, "the page had 0x%x all the time, and CPU %u read 0x%x", EARLY_WORD,
			v->cpu[PROGRAM], v->value[READ]);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !lab_when(PROGRAM, RACE_migration_found, 1) ||
	    v->value[ERROR] || !has_moved(v))
		return NO_EVIDENCE;
	lab_evidence(v, "CPU %u met the page on its way, and read 0x%x where it arrived",
		     v->cpu[PROGRAM], EARLY_WORD);
	return HELD;
}

static const struct step load_on_the_way[] = {
	STEP(PROGRAM, role_middle, REACHED(MIGRATOR, migrate_unmapped)),
	STEP(MIGRATOR, migrate_unmapped, REACHED(PROGRAM, role_done), BLOCKED_ON_ME(PROGRAM)),
};

SCENARIO(migrate_fault) = {
	.name = "space/migrate-fault",
	.rule = "a fault that meets a page on its way waits, and then finds the page with its words",
	.reference = "Linux do_swap_page(): migration_entry_wait()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PROGRAM] = {"program", load}, [MIGRATOR] = {"migrator", migrate}},
	.script = STEPS(load_on_the_way),
	CELLS(HOLDS(), BREAKS(migration_wait)),
	.setup = setup,
	.judge = judge,
};
