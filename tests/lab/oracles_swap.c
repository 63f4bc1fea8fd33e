/* SPDX-License-Identifier: MIT */
/* Compares the slots of the swap area with the entries of all spaces. */
#include "tests/lab/oracles_swap.h"

#include "mm/page/swap.h"
#include "mm/table/swap_entry.h"
#include "tests/lab/cell.h"
#include "tests/lab/oracles.h"

/* A cell that must break may leave an entry behind, and its judge tells of it. */
static const char *look_at_migration(const struct variant *v, vaddr_t va, pte_t pte)
{
	if (migration_is_under_way(pte) || cell_must_break(v->cell))
		return NULL;
	return oracles_say("the entry of 0x%lx waits for CPU %u, which moves no page",
			   (unsigned long)va, pte_migration_cpu(pte));
}

const char *swap_count_entry(const struct variant *v, struct census *census, vaddr_t va, pte_t pte)
{
	if (pte_is_migration(pte))
		return look_at_migration(v, va, pte);
	if (!pte_is_swap(pte) || pte_swap_slot(pte) >= SWAP_SLOTS)
		return oracles_say("the entry of 0x%lx is no page, and no slot of the swap area",
				   (unsigned long)va);
	census->swapped[pte_swap_slot(pte)]++;
	return NULL;
}

/* While the cache has the page, nobody reads the store, and perhaps it was never written. */
static bool is_as_written(const struct swap_slot *slot)
{
	return slot->page || page_checksum(slot->store) == slot->checksum;
}

/* A slot with its lock taken may be on its way out or back. A cell that must break may damage the
 * store, and its judge tells of it. */
const char *swap_look(const struct variant *v, const struct census *census)
{
	for (u32 i = 0; i < SWAP_SLOTS; i++) {
		const struct swap_slot *slot = &swap_area.slot[i];

		if (slot->lock.owner)
			continue;
		if (slot->count != census->swapped[i])
			return oracles_say(
				"slot %u of the swap area has count=%u, and entries=%u name it", i,
				slot->count, census->swapped[i]);
		if (slot->count && !cell_must_break(v->cell) && !is_as_written(slot))
			return oracles_say("slot %u of the swap area is not as it was written out",
					   i);
	}
	return NULL;
}

bool swap_has_cached(const struct page *page)
{
	for (u32 i = 0; i < SWAP_SLOTS; i++)
		if (swap_area.slot[i].page == page)
			return true;
	return false;
}
