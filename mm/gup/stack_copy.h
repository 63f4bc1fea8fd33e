/* SPDX-License-Identifier: MIT */
/*
 * Simulates a walk off its table, the bug mended by pXd_offset_lockless().
 *
 * Before Linux d3f7b1bb2040 ("mm/gup: fix gup_fast with dynamic page table folding") each level of
 * gup_fast gave the next one a pointer to its own copy of the entry, a variable on the stack. This
 * is harmless while the next level has a table of its own. But if the next level is folded for this
 * entry, its loop steps the pointer. The second step leaves the copy and takes the stack behind it
 * for an entry.
 *
 * The compiler decides what lies behind a variable. Here it is the same entry once more, in an
 * array, so that the failure is the same each time. The pages of the first range are found a second
 * time, under the addresses of other pages. The bench image has the guard offset_lockless as a
 * constant. While the guard is on there, nothing of this is left in the code.
 */
#pragma once

#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "mm/table/pgtable.h"

#define STACKED 2

struct stack_copy {
	entry_t entries[STACKED];
};

static inline struct stack_copy stack_copy_of(entry_t e)
{
	return (struct stack_copy){{e, e}};
}

/* folded_walk=addr_end is the other fix proposed then. The copies stay, but a folded level ends
 * after one step. */
static inline bool walks_a_copy(void)
{
	return !guard(offset_lockless) || choice_is(folded_walk, addr_end);
}

/* True at the end of the copies, because nothing is defined behind it. */
static inline bool is_off_the_stack(const entry_t *ep, const struct stack_copy *copy)
{
	if (!walks_a_copy())
		return false;
	if (ep == copy->entries + 1)
		race_value(gup_off_table, (unsigned long)ep);
	return ep == copy->entries + STACKED;
}
