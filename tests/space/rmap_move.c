/* SPDX-License-Identifier: MIT */
/* A page leaves its file while a program moves its mapping of the page. */
#include <asm/trap.h>

#include "tests/space/truncated.h"

enum {
	MOVER,
	TRUNCATER,
};

/* v->value: */
enum {
	MOVED = NR_TRUNCATED, /* by how much mremap() moved the page */
};

#define DISTANCE (2 * PAGE_SIZE)

/* Two pages, so the table stays if the first one moves. */
static bool setup(struct variant *v)
{
	return map_loaded_file(v, 2, MAP_SHARED);
}

static void move_and_store(struct variant *v)
{
	vaddr_t to = v->va + DISTANCE;

	v->value[MOVED] =
		(u32)(sys_mremap(v->va, PAGE_SIZE, PAGE_SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, to) -
		      v->va);
	race_point(role_middle);
	user_store(to, LATE_WORD);
}

static enum verdict judge(struct variant *v)
{
	struct role_end end;
	bool ended = role_ended(v, MOVER, &end);

	v->outcome = ended ? "SIGBUS" : "stored";
	if (truncation_failed(v))
		return VIOLATED;
	if (v->value[MOVED] != DISTANCE || (ended && !(end.cause & FAULT_BUS))) {
		lab_saw(v, "mremap() failed, or the fault was no SIGBUS");
		return VIOLATED;
	}
	if (is_mapped(&v->mm, v->va) || is_mapped(&v->mm, v->va + DISTANCE)) {
		lab_saw(v,
			"the page is still mapped when its file has lost it: CPU %u, which moved its mapping to 0x%lx, stores to it there",
			v->cpu[MOVER], (unsigned long)(v->va + DISTANCE));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !ended)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page left the file while CPU %u moved its mapping, and the store at the new address was a SIGBUS",
		v->cpu[MOVER]);
	return HELD;
}

/* The truncater waits for the lock of the file, or it has gone along the list and missed the
 * entry. */
static const struct step truncate_in_between[] = {
	STEP(TRUNCATER, role_start, REACHED(MOVER, move_listed)),
	STEP(MOVER, move_listed, REACHED(TRUNCATER, role_done), BLOCKED_ON_ME(TRUNCATER)),
	STEP(MOVER, role_middle, REACHED(TRUNCATER, role_done)),
};

SCENARIO(rmap_move) = {
	.name = "space/rmap-move",
	.rule = "a page that leaves its file is found in each mapping of it, also in one that moves",
	.reference =
		"Linux move_page_tables(), take_rmap_locks(); filemap_unaccount_folio(): \"still mapped when deleted\"",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[MOVER] = {"mover", move_and_store}, [TRUNCATER] = {"truncater", truncate}},
	.script = STEPS(truncate_in_between),
	CELLS(HOLDS(), BREAKS(move_holds_object_lock)),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
