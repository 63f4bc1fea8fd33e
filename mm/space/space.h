/* SPDX-License-Identifier: MIT */
/* The beginning and the end of an address space, and its growth. */
#pragma once

#include "mm/table/mm_struct.h"

/* Returns false if out of memory. Nothing is left allocated then. */
bool mm_create(struct mm *mm);
/* Drops every mapping and table. No CPU may have the space loaded. */
void mm_destroy(struct mm *mm);

/*
 * Puts one more level on top of a space that may grow, so that user_end() is further off
 * afterwards. Only where levels are folded at run time (CAP_DYNAMIC_FOLDING). The old top-level
 * table stays in use, one level down, so a walk still under way from it is right about all its
 * mappings. On return, every CPU with the space loaded has loaded the new table. Call with
 * interrupts on. Returns false if out of memory or if there is no further level. Linux s390
 * crst_table_upgrade() does not wait.
 */
bool mm_upgrade(struct mm *mm);
