/* SPDX-License-Identifier: MIT */
/* One CPU writes the page of a file to the store while a program goes on storing to it. */
#include "tests/lab/mapped.h"
#include "tests/space/written.h"

enum {
	STORER,
	WRITER,
};

static bool setup(struct variant *v)
{
	return map_file(v, 1, MAP_SHARED);
}

/* The first store leaves a translation with the right to store. */
static void store_twice(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 word = EARLY_WORD;

	user_store(v->va, word);
	race_point(role_middle);
	if (!lab_together(v))
		return;
	while (lab_at_work(v, WRITER, &patience))
		user_store(v->va, ++word);
	user_store(v->va, LATE_WORD);
}

static void write_when_warm(struct variant *v)
{
	if (lab_together(v))
		write_back(v);
}

static bool saw_copied_late(struct variant *v, const struct cached_page *cached)
{
	if (!copied_late(cached))
		return false;
	lab_saw(v,
		"CPU %u's store of 0x%x was written back, and the checksum 0x%x of the page missed it",
		v->cpu[STORER], first_word(page_to_pfn(cached->store)), cached->checksum);
	return true;
}

static bool missed(struct variant *v, const struct cached_page *cached)
{
	if (!lost_store(cached))
		return false;
	lab_saw(v,
		"the page is clean, and CPU %u's store of 0x%x is not written back: the checksum 0x%x missed it",
		v->cpu[STORER], LATE_WORD, cached->checksum);
	return true;
}

static enum verdict judge(struct variant *v)
{
	const struct cached_page *cached = &v->files[0]->cache[0];
	struct role_end end;

	v->outcome = written_outcome(cached);
	if (v->value[ERROR] || role_ended(v, STORER, &end)) {
		lab_saw(v, "the writeback returned %d, or the storer ended by a bad access",
			(int)v->value[ERROR]);
		return VIOLATED;
	}
	if (saw_copied_late(v, cached) || missed(v, cached))
		return VIOLATED;
	if (!lab_script_complete(v) || !cached->store || !cached->dirty)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"CPU %u's second store made the page dirty again, and the checksum 0x%x is that of the first",
		v->cpu[STORER], cached->checksum);
	return HELD;
}

/* The storer either stores by a translation that is left, or it faults and waits for the page. */
static const struct step store_behind_the_checksum[] = {
	STEP(WRITER, role_start, REACHED(STORER, role_middle)),
	STEP(STORER, role_middle, REACHED(WRITER, checksum_done)),
	STEP(WRITER, checksum_done, REACHED(STORER, role_done), BLOCKED_ON_ME(STORER)),
};

SCENARIO(mkclean) = {
	.name = "space/mkclean",
	.rule = "what is written back of a page of a file has its checksum, and no store is lost",
	.reference = "Linux folio_clear_dirty_for_io(), folio_mkclean(), do_page_mkwrite()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[STORER] = {"storer", store_twice}, [WRITER] = {"writer", write_when_warm}},
	.script = STEPS(store_behind_the_checksum),
	CELLS(HOLDS(), BREAKS_UNLESS_BROADCAST(clean_flush), BREAKS(mkwrite_lock),
	      BREAKS(invalidate_at_clear, IF(NEED_BROADCAST))),
	.tries = 8,
	.setup = setup,
	.judge = judge,
};
