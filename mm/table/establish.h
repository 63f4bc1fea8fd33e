/* SPDX-License-Identifier: MIT */
/* Makes missing tables on the way to a slot, and fills an empty one. */
#pragma once

#include "mm/table/mm_struct.h"

/* Returns the slot of va and makes missing tables, or NULL if out of memory. Takes and drops the
 * locks it needs. Call with interrupts on, because it may have to reload roots. Take the slot's
 * lock to use it (mm/table/locks.h). Linux pte_alloc(). */
pte_t *pte_alloc(struct mm *mm, vaddr_t va);

/*
 * Takes the slot's lock and fills the slot of va if it is empty. An entry of a type that is none of
 * the swap area's counts as empty too (mm/table/swap_entry.h). If the frame has a struct page, the
 * mapping now owns the caller's reference on it. Returns false if the slot was taken or if out of
 * memory, and then the reference stays the caller's.
 */
bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte);
