/* SPDX-License-Identifier: MIT */
/* One CPU takes a page out of memory while a program goes on storing to it. */
#include "mm/page/swap.h"
#include "mm/table/swap_entry.h"
#include "tests/lab/driver.h"
#include "tests/lab/mapped.h"
#include "tests/lab/process.h"

enum {
	STORER,
	RECLAIMER,
};

/* v->value. */
enum {
	ERROR, /* of the page-out */
};

/* The first store leaves a translation with the right to store. */
static void store_twice(struct variant *v)
{
	user_store(v->va, EARLY_WORD);
	race_point(role_middle);
	user_store(v->va, LATE_WORD);
}

static void take_out(struct variant *v)
{
	v->value[ERROR] = (u32)sys_driver_page_out(v->va);
}

/* Returns the slot of the page if it is in the store alone. */
static const struct swap_slot *slot_now(struct variant *v)
{
	pte_t pte = entry_read(v->ptep);

	return pte_is_swap(pte) && !swap_area.slot[pte_swap_slot(pte)].page
		       ? &swap_area.slot[pte_swap_slot(pte)]
		       : NULL;
}

/* A store between checksum and copy is in the store, but its checksum is not that of the page. */
static bool saw_damage(struct variant *v, const struct swap_slot *slot)
{
	struct role_end end;

	if (!role_ended(v, STORER, &end) && (!slot || page_checksum(slot->store) == slot->checksum))
		return false;
	lab_saw(v, "CPU %u's store of 0x%x was written out, and the checksum of the page missed it",
		v->cpu[STORER], LATE_WORD);
	return true;
}

static bool saw_loss(struct variant *v, const struct swap_slot *slot)
{
	pte_t pte = entry_read(v->ptep);
	struct page *page = slot ? slot->store : entry_present(pte) ? vm_normal_page(pte) : NULL;
	u32 word = page ? first_word(page_to_pfn(page)) : 0;

	if (word == LATE_WORD)
		return false;
	lab_saw(v, "CPU %u stored 0x%x, and the page has 0x%x: the store did not go with it",
		v->cpu[STORER], LATE_WORD, word);
	return true;
}

static enum verdict judge(struct variant *v)
{
	const struct swap_slot *slot = slot_now(v);

	v->outcome = slot ? "out" : "in";
	if (saw_damage(v, slot) || saw_loss(v, slot))
		return VIOLATED;
	if (!lab_script_complete(v) || v->value[ERROR] || slot)
		return NO_EVIDENCE;
	lab_evidence(v,
		     "the page went out with 0x%x, and CPU %u's second store brought it back first",
		     EARLY_WORD, v->cpu[STORER]);
	return HELD;
}

/* The storer either stores by an old translation, or faults and waits for the slot. */
static const struct step store_behind_the_checksum[] = {
	STEP(RECLAIMER, role_start, REACHED(STORER, role_middle)),
	STEP(STORER, role_middle, REACHED(RECLAIMER, checksum_done)),
	STEP(RECLAIMER, checksum_done, REACHED(STORER, role_done), BLOCKED_ON_ME(STORER)),
};

SCENARIO(swap_store) = {
	.name = "space/swap-store",
	.rule = "a page that goes out to swap takes every store with it",
	.reference = "Linux shrink_folio_list(), try_to_unmap_one(), do_swap_page()",
	.mode = MODE_CHOREO,
	.programs = true,
	.roles = {[STORER] = {"storer", store_twice}, [RECLAIMER] = {"reclaimer", take_out}},
	.explored_below = FROM_WEAK,
	.script = STEPS(store_behind_the_checksum),
	CELLS_OF_A_FLUSH(unmap_flush),
	.tries = 8,
	.setup = map_stored_page,
	.judge = judge,
};
