/* SPDX-License-Identifier: MIT */
/* From an address to its slot. Call with the page-table lock held. */
#pragma once

#include "mm/table/mm_struct.h"

/* The slot of va; NULL if there is no table. */
pte_t *pte_lookup(struct mm *mm, vaddr_t va);
/* The slot above it, which points to the table; NULL: not even that. */
pmd_t *pmd_lookup(struct mm *mm, vaddr_t va);
/* As pmd_lookup(). Also sets *next to the end of the part of [va, end) that this slot covers. If
 * there is no slot, *next is the end of the hole. */
pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next);
