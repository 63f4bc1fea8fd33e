/* SPDX-License-Identifier: MIT */
/* Page-out takes a page away and owes its flush, while a thread brings the page back and gets a
 * copy of it, and another thread stores by an old translation. */
#include "mm/page/swap.h"
#include "mm/table/swap_entry.h"
#include "tests/tlb/batched.h"

/* Beside PROGRAM, which stores, and RECLAIMER. */
enum {
	COPIER = RECLAIMER + 1,
};

/* The first store leaves a translation with the right to store. */
static void store_twice(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	user_store(v->va, LATE_WORD);
}

/* To the next word of the page. The page has other users, so the store goes to a copy. */
static void store_to_copy(struct variant *v)
{
	user_store(v->va + sizeof(u32), LATE_WORD);
}

/* The program's word, wherever the page is. */
static u32 word_now(const struct variant *v)
{
	pte_t pte = entry_read(v->ptep);
	const struct swap_slot *slot;

	if (entry_present(pte))
		return first_word(entry_pfn(pte));
	slot = &swap_area.slot[pte_swap_slot(pte)];
	return first_word(page_to_pfn(slot->page ? slot->page : slot->store));
}

static enum verdict judge(struct variant *v)
{
	u32 word = word_now(v);
	struct role_end end;

	v->outcome = word == LATE_WORD ? "kept" : "lost";
	if (role_ended(v, PROGRAM, &end) || role_ended(v, COPIER, &end)) {
		lab_saw(v, "a program ended by a bad access");
		return VIOLATED;
	}
	if (word != LATE_WORD) {
		lab_saw(v,
			"CPU %u stored 0x%x while CPU %u copied the page, and the copy has 0x%x: the store went to the old page",
			v->cpu[PROGRAM], LATE_WORD, v->cpu[COPIER], word);
		return VIOLATED;
	}
	if (!lab_script_complete(v) || v->value[OUT] != 1)
		return NO_EVIDENCE;
	lab_evidence(
		v,
		"the page came back and was copied while page-out owed its flush, and CPU %u's store is not lost",
		v->cpu[PROGRAM]);
	return HELD;
}

/* The copier's first fault brings the page back, and the second one copies it. */
static const struct step store_when_copied[] = {
	STEP(RECLAIMER, role_start, REACHED(PROGRAM, role_middle)),
	STEP(COPIER, role_start, REACHED(RECLAIMER, batch_unmapped)),
	STEP(RECLAIMER, batch_unmapped, REACHED(COPIER, role_done)),
	STEP(PROGRAM, role_middle, REACHED_TIMES(COPIER, fault_unlocked, 2)),
	{.role = COPIER,
	 .at = RACE_fault_unlocked,
	 .until = {REACHED(PROGRAM, role_done)},
	 .nth = 2},
};

SCENARIO(batched_swap_in) = {
	.name = "tlb/batched-swap-in",
	.rule = "a page that comes back from swap takes no store any more by a translation of before",
	.reference =
		"Linux 3ea277194daa; shrink_folio_list(): try_to_unmap_flush_dirty() under the folio lock that do_swap_page() waits for",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[PROGRAM] = {"program", store_twice},
		  [RECLAIMER] = {"reclaimer", take_out},
		  [COPIER] = {"copier", store_to_copy}},
	.script = STEPS(store_when_copied),
	CELLS_OF_A_FLUSH(settle_before_swap_in),
	.too_large = true,
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
