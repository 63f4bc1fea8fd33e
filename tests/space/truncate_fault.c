/* SPDX-License-Identifier: MIT */
/* A file becomes shorter while a program touches the page that leaves it. */
#include <asm/trap.h>

#include "tests/space/truncated.h"

enum {
	TOUCHER,
	TRUNCATER,
};

static bool setup(struct variant *v)
{
	return map_file(v, 1, MAP_SHARED);
}

static void touch(struct variant *v)
{
	user_store(v->va, LATE_WORD);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;
	bool ended = role_ended(v, TOUCHER, &end);

	v->outcome = ended ? "SIGBUS" : "stored";
	if (truncation_failed(v))
		return VIOLATED;
	if (ended && !(end.cause & FAULT_BUS)) {
		lab_saw(v, "the fault was no SIGBUS");
		return VIOLATED;
	}
	if (is_mapped(&v->mm, v->va)) {
		lab_saw(v,
			"the file has no page, and CPU %u has mapped one of it: its stores of 0x%x are in no file",
			v->cpu[TOUCHER], LATE_WORD);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !ended)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page left the file while CPU %u was about to map it, and the store was a SIGBUS",
		v->cpu[TOUCHER]);
	return HELD;
}

static const struct step truncate_when_found[] = {
	STEP(TOUCHER, filemap_found, REACHED(TRUNCATER, role_done)),
	STEP(TRUNCATER, role_start, REACHED(TOUCHER, filemap_found)),
};

SCENARIO(truncate_fault) = {
	.name = "space/truncate-fault",
	.rule = "no page is mapped that has left its file",
	.reference =
		"Linux truncate_inode_pages_range(), filemap_fault(): folio_lock(), folio->mapping",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[TOUCHER] = {"toucher", touch}, [TRUNCATER] = {"truncater", truncate}},
	.script = STEPS(truncate_when_found),
	CELLS(HOLDS(), BREAKS(truncate_recheck)),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
