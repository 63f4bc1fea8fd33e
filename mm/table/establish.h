/* SPDX-License-Identifier: MIT */
/* Makes missing tables on the way to a slot, and fills an empty one. */
#pragma once

#include "mm/table/mm_struct.h"

/* Returns the slot of va and makes missing tables, or NULL if out of memory. Call with the
 * page-table lock held and interrupts on, because it may have to reload roots. */
pte_t *pte_alloc(struct mm *mm, vaddr_t va);

/*
 * Takes the lock and fills the slot of va if it is empty or holds a swap entry. If the frame has a
 * struct page, the mapping now owns the caller's reference on it. Returns false if the slot was
 * taken or if out of memory, and then the reference stays the caller's.
 */
bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte);
