/* SPDX-License-Identifier: MIT */
/*
 * The walk without a lock.
 *
 * gup_fast() takes references on the frames mapped at [start, start + nr pages) of the space that
 * is loaded on this CPU. It holds no lock: interrupts stay off from its first read to its last use,
 * so a shootdown, which waits for this CPU's ack, cannot finish inside; hence no table is freed and
 * no entry is established anew under it. A reference is taken before the entry is read again:
 * whoever frees a frame clears the entry first, so an entry unchanged after the reference means
 * that the frame was still mapped when it was taken. Linux gup_fast(), gup_fast_pte_range().
 */
#pragma once

#include "kernel/compiler.h"

struct page;

#define FOLL_WRITE BIT(0) /* only pages that the user may write */

/*
 * The bracket around every lockless walk of the space loaded on this CPU: interrupts off from
 * before the first read until after the last use. walk_end() wants what walk_begin() returned, and
 * `found` for the record. va: where the walk begins.
 */
u32 walk_begin(vaddr_t va);
void walk_end(u32 irqs, unsigned found);

/*
 * Returns how many pages, from the first on, got a reference; it stops at the first that it cannot
 * take (not present, not permitted, no struct page, changed meanwhile): the caller's slow path goes
 * on there. start: page-aligned; a range that leaves user space gives 0. Interrupts in any state.
 */
unsigned gup_fast(vaddr_t start, unsigned nr, u32 flags, struct page **pages);
