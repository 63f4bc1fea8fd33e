/* SPDX-License-Identifier: MIT */
/* The beginning and the end of an address space, and its growth. */
#pragma once

#include "mm/table/mm_struct.h"

/* False: out of memory, nothing is left allocated. */
bool mm_create(struct mm *mm);
/* Drops every mapping and table. No CPU may have the space loaded. */
void mm_destroy(struct mm *mm);

/*
 * One more level on top, where levels are folded at run time (CAP_DYNAMIC_FOLDING), for a space
 * that may grow: user_end() is further off afterwards. The old top-level table stays in use, one
 * level down: whoever still walks from it is right about all that it maps. Every CPU that has the
 * space loaded has loaded the new one when this returns. Interrupts on. False: out of memory, or
 * there is no further level. Linux s390 crst_table_upgrade(), which does not wait.
 */
bool mm_upgrade(struct mm *mm);
