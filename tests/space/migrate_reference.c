/* SPDX-License-Identifier: MIT */
/* A page is to move while a driver has a reference on it, and stores through the reference. */
#include "tests/space/migrated.h"

/* v->value, the result of the driver's get. */
#define GOT NR_MIGRATED

/* The driver stores wherever its page lies by then. */
static void get_and_store(struct variant *v)
{
	v->value[GOT] = (u32)sys_driver_get(v, v->va, FOLL_WRITE);
	race_point(role_middle);
	sys_driver_store(v, 0, LATE_WORD);
	race_point(role_probe);
	sys_driver_put(v);
}

static enum verdict judge(struct variant *v)
{
	u32 word = mapped_word(v, v->va);

	v->outcome = has_moved(v) ? "moved" : "not moved";
	if (!v->value[GOT] && word != LATE_WORD) {
		lab_saw(v,
			"the driver of CPU %u stored 0x%x to its page, and the program's page has 0x%x: they are two pages",
			v->cpu[PROGRAM], LATE_WORD, word);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[GOT] || v->value[ERROR] != (u32)-EAGAIN)
		return NO_EVIDENCE;
	lab_evidence(v, "the page had a reference of CPU %u's driver, and stayed in its frame",
		     v->cpu[PROGRAM]);
	return HELD;
}

static const struct step migrate_a_page_in_use[] = {
	STEP(MIGRATOR, role_start, REACHED(PROGRAM, role_middle)),
	STEP(PROGRAM, role_middle, REACHED(MIGRATOR, role_done)),
};

SCENARIO(migrate_reference) = {
	.name = "space/migrate-reference",
	.rule = "a page with a reference that is no entry's stays in its frame",
	.reference = "Linux folio_migrate_mapping(): the expected count, folio_ref_freeze()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PROGRAM] = {"driver", get_and_store}, [MIGRATOR] = {"migrator", migrate}},
	.script = STEPS(migrate_a_page_in_use),
	CELLS(HOLDS(), BREAKS(migrate_freeze)),
	.setup = map_stored_page,
	.judge = judge,
};
