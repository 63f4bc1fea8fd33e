/* SPDX-License-Identifier: MIT */
/* A page of a file is unmapped, while a program writes the page back and goes on storing to it. */
#include "tests/lab/mapped.h"
#include "tests/space/written.h"

enum {
	STORER,
	UNMAPPER,
};

/* v->value: */
enum {
	UNMAPPED = NR_WRITTEN, /* what munmap() returned */
};

/* The second page of the mapping keeps the table. */
static bool setup(struct variant *v)
{
	return map_file(v, 2, MAP_SHARED);
}

/* As a program that calls fsync(2) does. The first store leaves a translation with the right to
 * store. */
static void store_write_back_store(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	if (!lab_together(v))
		return;
	write_back(v);
	user_store(v->va, LATE_WORD);
}

static void unmap(struct variant *v)
{
	if (!lab_together(v))
		return;
	v->value[UNMAPPED] = (u32)sys_munmap(v->va, PAGE_SIZE);
}

static bool missed(struct variant *v, const struct cached_page *cached)
{
	if (!lost_store(cached))
		return false;
	lab_saw(v,
		"the page is clean, and CPU %u's store of 0x%x is not written back: the writeback found no entry, and the CPU had a translation of it",
		v->cpu[STORER], LATE_WORD);
	return true;
}

static enum verdict judge(struct variant *v)
{
	const struct cached_page *cached = &v->files[0]->cache[0];
	struct role_end end;
	bool ended = role_ended(v, STORER, &end);

	v->outcome = ended ? "fault" : written_outcome(cached);
	if (v->value[ERROR] || v->value[UNMAPPED]) {
		lab_saw(v, "the writeback returned %d, and munmap() %d", (int)v->value[ERROR],
			(int)v->value[UNMAPPED]);
		return VIOLATED;
	}
	if (missed(v, cached))
		return VIOLATED;
	if (!lab_script_complete(v) || !cached->store || !ended || end.address != v->va)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page was unmapped and written back, and CPU %u's store after that faulted at 0x%lx",
		v->cpu[STORER], (unsigned long)v->va);
	return HELD;
}

/* The unmapper stands right behind the table's lock, and still has the mmap lock. The store that
 * faults waits for it. */
static const struct step write_back_when_unlocked[] = {
	STEP(UNMAPPER, role_start, REACHED(STORER, role_middle)),
	STEP(STORER, role_middle, REACHED(UNMAPPER, zap_unlocked)),
	STEP(UNMAPPER, zap_unlocked, REACHED(STORER, role_done), BLOCKED_ON_ME(STORER)),
};

SCENARIO(dirty_file) = {
	.name = "tlb/dirty-file",
	.rule = "when no entry names a page of a file any more, no CPU stores to it",
	.reference =
		"Linux 1cf35d47712d \"mm: split 'tlb_flush_mmu()' into tlb flushing and memory freeing parts\" (3.15), force_flush of zap_pte_range()",
	.mode = MODE_CHOREO,
	.programs = true,
	.explored_below = FROM_WEAK,
	.roles = {[STORER] = {"storer", store_write_back_store}, [UNMAPPER] = {"unmapper", unmap}},
	.script = STEPS(write_back_when_unlocked),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(dirty_flush), HOLDS(WITH(zap_flush, after_unlock)),
	      BREAKS(invalidate_at_clear, IF(NEED_BROADCAST))),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
