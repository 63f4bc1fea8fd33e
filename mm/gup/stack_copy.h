/* SPDX-License-Identifier: MIT */
/*
 * A walk that leaves its table: the bug that pXd_offset_lockless() mended, simulated.
 *
 * Before Linux d3f7b1bb2040 ("mm/gup: fix gup_fast with dynamic page table folding") each level of
 * gup_fast gave the next one a pointer to its own copy of the entry, a variable on the stack. That
 * is harmless while the next level has a table of its own. Where it is folded for this entry, its
 * loop steps that pointer. The second step leaves the copy, and what lies behind it on the stack is
 * taken for an entry.
 *
 * What lies behind a variable is the compiler's business. Here it is the same entry once more, in
 * an array, so that the failure is the same each time: the pages of the first range are found a
 * second time, under addresses that map others. With the guard offset_lockless on, which the bench
 * image has as a constant, nothing of this is left in the code.
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

/* folded_walk=addr_end is the other answer that was proposed then: the copies stay, and a folded
 * level ends after one step. */
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
