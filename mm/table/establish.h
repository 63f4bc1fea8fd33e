/* SPDX-License-Identifier: MIT */
/* Missing tables on the way to a slot, and an entry into an empty one. */
#pragma once

#include "mm/table/mm_struct.h"

/* The slot of va, with missing tables made; NULL: out of memory. Call with the page-table lock held
 * and interrupts on, because it may have to reload roots. */
pte_t *pte_alloc(struct mm *mm, vaddr_t va);

/*
 * Takes the lock and fills the slot of va, which is empty or holds a swap entry. The mapping owns
 * the reference on the frame that the caller had, if the frame has a struct page. False: the slot
 * was taken, or out of memory; the reference stays the caller's.
 */
bool mm_establish(struct mm *mm, vaddr_t va, pte_t pte);
