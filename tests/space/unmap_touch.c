/* SPDX-License-Identifier: MIT */
/* One thread unmaps a page that another thread of its space has used and uses again. */
#include "tests/lab/mapped.h"
#include "tests/lab/user.h"

enum {
	TOUCHER,
	UNMAPPER,
};

/* v->value: */
enum {
	ERROR, /* what munmap() returned */
};

#define WARM_WORD 0x0a11f00du

static void touch_twice(struct variant *v)
{
	struct lab_patience patience = {0};

	user_store(v->va, WARM_WORD);
	race_point(role_middle);
	if (!lab_together(v))
		return;
	while (lab_at_work(v, UNMAPPER, &patience))
		user_store(v->va, WARM_WORD);
	race_point(role_probe);
	user_store(v->va, LATE_WORD);
}

static void unmap(struct variant *v)
{
	if (!lab_together(v))
		return;
	v->value[ERROR] = (u32)sys_munmap(v->va, PAGE_SIZE);
	race_point(role_middle);
}

static enum verdict judge(struct variant *v)
{
	unsigned unmapped = lab_when(UNMAPPER, RACE_role_middle, 1);
	unsigned probed = lab_when(TOUCHER, RACE_role_probe, 1);
	struct role_end end;
	bool ended = role_ended(v, TOUCHER, &end);

	v->outcome = ended ? "fault" : "stored";
	if (v->value[ERROR]) {
		lab_saw(v, "munmap() returned %d", (int)v->value[ERROR]);
		return VIOLATED;
	}
	if (!ended && unmapped && unmapped < probed) {
		lab_saw(v, "munmap() had returned, and CPU %u still stored to the page at 0x%lx",
			v->cpu[TOUCHER], (unsigned long)v->va);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !ended || end.address != v->va)
		return NO_EVIDENCE;
	lab_evidence(v, "the store after munmap() faulted at 0x%lx, and ended that program alone",
		     (unsigned long)v->va);
	return HELD;
}

static const struct step touch_when_unmapped[] = {
	STEP(TOUCHER, role_middle, REACHED(UNMAPPER, role_middle)),
	STEP(UNMAPPER, role_start, REACHED(TOUCHER, role_middle)),
};

SCENARIO(unmap_touch) = {
	.name = "space/unmap-touch",
	.rule = "after munmap() has returned, no thread of the space uses the pages it took",
	.reference =
		"POSIX munmap(): further references raise SIGSEGV; Linux unmap_region(), tlb_finish_mmu()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[TOUCHER] = {"toucher", touch_twice}, [UNMAPPER] = {"unmapper", unmap}},
	.script = STEPS(touch_when_unmapped),
	CELLS_OF_A_FLUSH(shootdown),
	.tries = 8,
	.setup = map_anonymous_page,
	.judge = judge,
};
