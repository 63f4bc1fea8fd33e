/* SPDX-License-Identifier: MIT */
/*
 * From an address to its slot, without a lock. The table of the slot stays as long as no caller of
 * free_pgtables() has the range. Take the slot's lock (mm/table/locks.h) to read or change it.
 */
#pragma once

#include "mm/table/mm_struct.h"

/* Returns the slot of va, or NULL if there is no table. */
pte_t *pte_lookup(struct mm *mm, vaddr_t va);
/* Returns the slot pointing to this table, or NULL if the slot is missing too. */
pmd_t *pmd_lookup(struct mm *mm, vaddr_t va);
/* As pmd_lookup(). Also sets *next to the end of the part of [va, end) covered by this slot. If
 * there is no slot, *next is the end of the hole. */
pmd_t *pmd_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next);
/* As pmd_lookup_range(), one level down. If there is no table, *next is the end of the hole. */
pte_t *pte_lookup_range(struct mm *mm, vaddr_t va, vaddr_t end, vaddr_t *next);
