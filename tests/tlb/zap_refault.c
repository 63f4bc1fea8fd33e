/* SPDX-License-Identifier: MIT */
/* One thread drops a page by MADV_DONTNEED, and another thread's fault fills the slot as soon as
 * the zap drops the page-table lock. */
#include "tests/lab/mapped.h"
#include "tests/tlb/populate.h"

enum {
	READER,
	ZAPPER,
};

/* Indices of v->value, behind those of mapped.h. */
enum {
	ERROR = AFTER + 1, /* what madvise() returned */
};

/* The same of v->flag. */
enum {
	POPULATED = AFTER + 1, /* the fault was served */
};

static bool setup(struct variant *v)
{
	if (!map_anonymous_page(v) || !map_one_frame(v))
		return false;
	lab_set_anonymous(v, v->va, v->a);
	return true;
}

static void load(struct variant *v, unsigned which)
{
	struct role_end end;

	v->value[which] = user_load(v->va);
	v->flag[which] = !role_ended(v, READER, &end);
}

static void refault(struct variant *v)
{
	load(v, WARM);
	race_point(role_middle);
	v->flag[POPULATED] = populate(v);
	race_point(role_probe);
	load(v, AFTER);
}

static void drop(struct variant *v)
{
	v->value[ERROR] = (u32)sys_madvise(v->va, PAGE_SIZE, MADV_DONTNEED);
}

static enum verdict judge(struct variant *v)
{
	bool refaulted = lab_when(READER, RACE_set_done, 1);

	if (v->value[ERROR] || !v->flag[POPULATED]) {
		lab_saw(v, "madvise() returned %d, and the fault was %s", (int)v->value[ERROR],
			v->flag[POPULATED] ? "served" : "refused");
		return VIOLATED;
	}
	if (read_old_frame(v, READER, READER, RACE_set_done)) {
		lab_saw(v,
			"a fresh page was established, and CPU %u still read frame 0x%x at the address",
			v->cpu[READER], page_to_pfn(v->a));
		return VIOLATED;
	}
	if (!lab_script_complete(v) || !was_warm(v) || !refaulted || !v->flag[AFTER] ||
	    v->value[AFTER])
		return NO_EVIDENCE;
	lab_evidence(v, "the fault came as soon as the lock dropped, and its fresh page was read");
	return HELD;
}

static const struct step refault_when_unlocked[] = {
	STEP(READER, role_middle, REACHED(ZAPPER, zap_unlocked)),
	STEP(ZAPPER, role_start, REACHED(READER, role_middle)),
	STEP(ZAPPER, zap_unlocked, REACHED(READER, role_done)),
};

#define LATE WITH(zap_flush, after_unlock)

SCENARIO(zap_refault) = {
	.name = "tlb/zap-refault",
	.rule = "no other frame is established at an address before the zap has flushed it",
	.reference =
		"Jann Horn, linux-mm 2022-10-06: zap_pte_range() drops the lock before the flush; 1cf35d47712d",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[READER] = {"reader", refault}, [ZAPPER] = {"zapper", drop}},
	.script = STEPS(refault_when_unlocked),
	CELLS(HOLDS(WITH(zap_flush, before_unlock)),
	      HISTORICAL("a fault fills the slot before the flush", IF(NEED_IPI_FLUSH), LATE),
	      HOLDS(IF(NEED_BROADCAST), LATE), BREAKS(invalidate_at_clear, IF(NEED_BROADCAST))),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
