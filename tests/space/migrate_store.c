/* SPDX-License-Identifier: MIT */
/* A page moves to another frame while a program goes on storing to it. */
#include "tests/space/migrated.h"

/* The first store leaves a translation with the right to store. */
static void store_twice(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	user_store(v->va, LATE_WORD);
}

static enum verdict judge(struct variant *v)
{
	u32 word = mapped_word(v, v->va);

	v->outcome = has_moved(v) ? "moved" : "not moved";
	if (word != LATE_WORD) {
		lab_saw(v,
			"CPU %u stored 0x%x, and the page has 0x%x: the store did not go with it",
			v->cpu[PROGRAM], LATE_WORD, word);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[ERROR] || !has_moved(v))
		return NO_EVIDENCE;
	lab_evidence(v, "the page moved with 0x%x, and CPU %u's second store waited for it",
		     EARLY_WORD, v->cpu[PROGRAM]);
	return HELD;
}

/* The program either stores by an old translation, or faults and waits for the page. */
static const struct step store_behind_the_copy[] = {
	STEP(MIGRATOR, role_start, REACHED(PROGRAM, role_middle)),
	STEP(PROGRAM, role_middle, REACHED(MIGRATOR, migrate_copied)),
	STEP(MIGRATOR, migrate_copied, REACHED(PROGRAM, role_done), BLOCKED_ON_ME(PROGRAM)),
};

SCENARIO(migrate_store) = {
	.name = "space/migrate-store",
	.rule = "a page that moves to another frame takes every store with it",
	.reference = "Linux try_to_migrate_one(), migrate_folio(), remove_migration_pte()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PROGRAM] = {"program", store_twice}, [MIGRATOR] = {"migrator", migrate}},
	.script = STEPS(store_behind_the_copy),
	CELLS_OF_A_FLUSH(migrate_flush),
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
