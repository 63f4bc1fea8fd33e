/* SPDX-License-Identifier: MIT */
/* From an address to its slot. Call with the page-table lock held. */
#pragma once

#include "mm/table/mm_struct.h"

/* Returns the slot of va, or NULL if there is no table. */
pte_t *pte_lookup(struct mm *mm, vaddr_t va);
/* Returns the slot pointing to this table, or NULL if the slot is missing too. */
pmd_t *pmd_lookup(struct mm *mm, vaddr_t va);
/* As pmd_lookup(). Also sets *next to the end of the part of [va, end) covered by this slot. If
 * there is no slot, *next is the end of the hole. */
pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next);
