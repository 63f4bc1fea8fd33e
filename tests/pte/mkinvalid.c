/* SPDX-License-Identifier: MIT */
/* An entry is made invalid while its page is in swap. */
#include "mm/gup/gup.h"
#include "mm/table/pgtable.h"
#include "tests/lab/lab.h"

enum {
	WALKER,
	WRITER,
};

/* The numbers of v->value. */
enum {
	FOUND, /* pages returned by gup_fast */
};

/* Type bits that read as user and writable. */
#define SWAP_TYPE 3u

/* The slot's page is in swap, at an offset that is also the number of another frame. */
static bool setup(struct variant *v)
{
	v->decoy = lab_frame(v, ZONE_DIRECT);
	if (!v->decoy)
		return false;
	for (unsigned word = 0; word < ENTRY_WORDS; word++)
		entry_write_word(v->ptep, word,
				 mk_swap(SWAP_TYPE, page_to_pfn(v->decoy)).word[word]);
	return true;
}

static void walk(struct variant *v)
{
	struct page *page;

	v->value[FOUND] = gup_fast(v->va, 1, FOLL_WRITE, &page);
	if (v->value[FOUND])
		put_page(page);
}

/* The slot is emptied afterwards, because no frame stands behind its value. */
static void invalidate(struct variant *v)
{
	invalidate_page(&v->mm, v->va);
	race_point(role_middle);
	pte_lock(v->ptep);
	ptep_get_and_clear(v->ptep);
	pte_unlock(v->ptep);
}

static enum verdict judge(struct variant *v)
{
	if (lab_when(WALKER, RACE_gup_grabbed, 1)) {
		lab_saw(v, "the walker took swap bits for a frame: a reference on frame 0x%x",
			page_to_pfn(v->decoy));
		return VIOLATED;
	}
	if (!lab_script_complete(v))
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the writer invalidated a slot that was in swap; the walker found nothing there");
	return HELD;
}

static const struct step walk_when_invalidated[] = {
	STEP(WALKER, role_start, REACHED(WRITER, role_middle)),
	STEP(WRITER, role_middle, REACHED(WALKER, role_done)),
};

SCENARIO(mkinvalid) = {
	.name = "pte/mkinvalid",
	.rule = "an entry that is not present is not made to look present",
	.reference =
		"Linux 3a5a8d343e1c mm: fix race between __split_huge_pmd_locked() and GUP-fast",
	.mode = MODE_CHOREO,
	.roles = {[WALKER] = {"walker", walk}, [WRITER] = {"writer", invalidate}},
	.script = STEPS(walk_when_invalidated),
	CELLS(HOLDS(), BREAKS(mkinvalid_checks_present)),
	.setup = setup,
	.judge = judge,
};
