/* SPDX-License-Identifier: MIT */
/*
 * The walk without a lock.
 *
 * gup_fast() takes references on the frames mapped at [start, start + nr pages) of the space loaded
 * on this CPU. It holds no lock. Interrupts stay off from its first read to its last use, so a
 * shootdown cannot finish inside, because it waits for this CPU's ack. Hence no table is freed and
 * no entry is established anew under the walk.
 *
 * A reference is taken before the entry is read again. A writer clears the entry before it frees
 * the frame, so an unchanged entry means that the frame was still mapped when the reference was
 * taken. Linux gup_fast(), gup_fast_pte_range().
 */
#pragma once

#include "kernel/compiler.h"

struct page;

#define FOLL_WRITE BIT(0) /* only pages with write access for the user */

/*
 * The bracket around every lockless walk of the space loaded on this CPU. Interrupts stay off from
 * before the first read until after the last use. va is the start of the walk. Pass the result of
 * walk_begin() to walk_end(), and `found` for the record.
 */
u32 walk_begin(vaddr_t va);
void walk_end(u32 irqs, unsigned found);

/*
 * Returns how many pages, from the first on, got a reference. It stops at the first page it cannot
 * take (not present, not permitted, no struct page, the zero page, changed meanwhile), and the
 * caller's slow path goes on there. start is page-aligned. A range that leaves user space gives 0.
 * Call with interrupts in any state.
 */
unsigned gup_fast(vaddr_t start, unsigned nr, u32 flags, struct page **pages);
