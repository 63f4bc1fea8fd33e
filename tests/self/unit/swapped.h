/* SPDX-License-Identifier: MIT */
/* Pages of two spaces on their way to the swap area and back. */
#pragma once

#include "mm/fault/vm_fault.h"
#include "mm/page/swap.h"
#include "mm/space/page_out.h"
#include "mm/table/swap_entry.h"
#include "tests/self/unit/mappings.h"

#define WORD 0x50aau

static struct mm child;
static u32 baseline; /* free frames with nothing mapped */

static inline pte_t *slot_of(struct mm *of, unsigned at)
{
	return pte_lookup(of, AT(at));
}

static inline struct page *page_of(struct mm *of, unsigned at)
{
	return pfn_to_page(entry_pfn(*slot_of(of, at)));
}

static inline u32 *words_of(struct page *page)
{
	return page_map(page_to_pfn(page), WINDOW_A);
}

static inline bool is_out(struct mm *of, unsigned at)
{
	return pte_is_swap(*slot_of(of, at));
}

static inline bool is_writable(struct mm *of, unsigned at)
{
	return pte_access_permitted(*slot_of(of, at), true);
}

/* Whether the page is mapped and has the word. */
static inline bool has(struct mm *of, unsigned at, u32 word)
{
	return entry_present(*slot_of(of, at)) && words_of(page_of(of, at))[0] == word;
}

static inline u32 entries_of_slot(u32 slot)
{
	return swap_area.slot[slot].count;
}

/* How many slots are in use. */
static inline u32 swap_used(void)
{
	u32 used = 0;

	for (u32 slot = 0; slot < SWAP_SLOTS; slot++)
		used += swap_area.slot[slot].count != 0;
	return used;
}

static inline enum vm_fault_result touch(struct mm *of, unsigned at, u32 cause)
{
	struct fault fault = {.address = AT(at), .cause = FAULT_USER | cause};

	return handle_mm_fault(of, &fault);
}

static inline void store(struct mm *of, unsigned at, u32 word)
{
	while (!entry_present(*pte_alloc(of, AT(at))) || !is_writable(of, at))
		assert(touch(of, at, FAULT_WRITE) == VM_FAULT_DONE);
	fill_page(words_of(page_of(of, at)), word);
}
