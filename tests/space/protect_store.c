/* SPDX-License-Identifier: MIT */
/* One thread makes a page read-only while another thread of its space stores to it. */
#include "mm/table/pgtable.h"
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	STORER,
	PROTECTOR,
};

/* v->value: */
enum {
	ERROR, /* what mprotect() returned */
};

/* Stored between the early word and the late one. */
#define MIDDLE_WORD 0x3141u

/* The second store brings the translation back if a flush came too early. */
static void store_three_times(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	user_store(v->va, MIDDLE_WORD);
	race_point(role_middle);
	race_point(role_probe);
	user_store(v->va, LATE_WORD);
}

static void make_read_only(struct variant *v)
{
	v->value[ERROR] = (u32)sys_mprotect(v->va, PAGE_SIZE, PROT_READ);
	race_point(role_middle);
}

static enum verdict judge(struct variant *v)
{
	unsigned protected = lab_when(PROTECTOR, RACE_role_middle, 1);
	unsigned probed = lab_when(STORER, RACE_role_probe, 1);
	bool landed = mapped_word(v, v->va) == LATE_WORD;
	struct role_end end;
	bool ended = role_ended(v, STORER, &end);

	v->outcome = landed ? "stored" : ended ? "fault" : "lost";
	if (v->value[ERROR]) {
		lab_saw(v, "mprotect() returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (landed == ended) {
		lab_saw(v, "CPU %u's last store %s the page, and its program %s", v->cpu[STORER],
			landed ? "changed" : "did not change",
			ended ? "ended by a fault" : "did not fault");
		return VIOLATED;
	}
	if (landed && protected && protected < probed) {
		lab_saw(v,
			"mprotect() had returned, and CPU %u still stored to the read-only page at 0x%lx",
			v->cpu[STORER], (unsigned long)v->va);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !ended || end.address != v->va)
		return NO_EVIDENCE;
	lab_evidence(v,
		     "CPU %u stored to the page before mprotect() and faulted at 0x%lx behind it",
		     v->cpu[STORER], (unsigned long)v->va);
	return HELD;
}

/* With broadcast flushes the entry is invalid in the middle of its change. The second store then
 * faults, and the fault waits for the protector's lock. */
static const struct step store_meanwhile_and_after[] = {
	STEP(PROTECTOR, role_start, REACHED(STORER, role_middle)),
	STEP(STORER, role_middle, REACHED(PROTECTOR, rights_changing)),
	STEP(PROTECTOR, rights_changing, REACHED_TIMES(STORER, role_middle, 2),
	     BLOCKED_ON_ME(STORER)),
	STEP(STORER, role_middle, REACHED(PROTECTOR, role_middle)),
};

SCENARIO(protect_store) = {
	.name = "space/protect-store",
	.rule = "after mprotect(PROT_READ) has returned, no thread of the space stores to the page",
	.reference =
		"POSIX mprotect(); Linux change_protection_range(): tlb_finish_mmu() after change_pte_range()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[STORER] = {"storer", store_three_times},
		  [PROTECTOR] = {"protector", make_read_only}},
	.script = STEPS(store_meanwhile_and_after),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(rights_flush),
	      BREAKS_UNLESS_BROADCAST(rights_before_flush),
	      BREAKS(invalidate_at_clear, IF(NEED_BROADCAST))),
	.tries = 8,
	.setup = map_anonymous_page,
	.judge = judge,
};
