/* SPDX-License-Identifier: MIT */
/* A page that is mapped at VA, and names for the accesses to its entry and its space (steps.h). */
#pragma once

#include <asm/caps.h>

#include "mm/table/pgtable.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/steps.h"

#define VA 0x40ul

static struct mm mm;
static struct page *page, *table;
static pte_t *ptep;
static pte_t whole, invalid, swap;

/* One page is mapped at VA, and CPU 1 has the space. Its words are "present" and "other". */
static void fresh(void)
{
	machine_reset();
	swap = mk_swap(0x11, 0x22);
	if (CAP_SPLIT_ENTRIES)
		swap.word[OTHER_WORD] = 0x55;
	assert(mm_create(&mm));
	page = map_frame(&mm, VA, ZONE_DIRECT);
	ptep = pte_lookup(&mm, VA);
	table = pfn_to_page((pfn_t)(virt_to_phys(ptep) >> PAGE_SHIFT));
	model_switch_cpu(1);
	mm_switch(&mm);
	nr_step_names = 0;
	NAME_STEP(ptep->word[PRESENT_WORD], "present");
	if (CAP_SPLIT_ENTRIES)
		NAME_STEP(ptep->word[OTHER_WORD], "other");
	NAME_STEP(table->seq, "seq");
	NAME_STEP(page->count, "count");
	NAME_STEP(table->count, "table");
	NAME_STEP(table->table_lock.owner, "lock");
	NAME_STEP(mm.page_table_lock.owner, "space");
	NAME_STEP(pmd_lockptr(pmd_lookup(&mm, VA))->owner, "pmds");
	NAME_STEP(mm.cpumask, "mask");
	NAME_STEP(mm.cpu_attach_mask, "attached");
	NAME_STEP(mm.clearers, "clearers");
	NAME_STEP(mm.flush_pending, "pending");
	whole = *ptep;
	invalid = pte_mkinvalid(whole);
	NAME_VALUE(entry_value(whole), "whole");
	NAME_VALUE(entry_value(invalid), "invalid");
	NAME_VALUE(entry_value(swap), "swap");
	if (CAP_SPLIT_ENTRIES) {
		NAME_VALUE(whole.word[PRESENT_WORD], "low");
		NAME_VALUE(whole.word[OTHER_WORD], "high");
		NAME_VALUE(invalid.word[PRESENT_WORD], "low invalid");
		NAME_VALUE(swap.word[PRESENT_WORD], "low swap");
		NAME_VALUE(swap.word[OTHER_WORD], "high swap");
	}
	race_hook = step_see_race;
}

/* The steps of two kinds of machine, with entries of two words or of one. */
#define BY_WORDS(two, one) (CAP_SPLIT_ENTRIES ? (two) : (one))

/* Checks both the result and the state after it. */
#define TAKES(statement, expected, ...)                                                            \
	do {                                                                                       \
		pte_t taken_;                                                                      \
                                                                                                   \
		STEPS(taken_ = statement, expected, __VA_ARGS__);                                  \
		CHECK(entry_same(taken_, whole) && entry_none(*ptep),                              \
		      "it was whole, and is empty");                                               \
	} while (0)
