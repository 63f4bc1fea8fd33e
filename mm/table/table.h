/* SPDX-License-Identifier: MIT */
/* The frames of an address space's tables. For mm/ only. Call under the page-table lock, or while
 * no other CPU knows the space. */
#pragma once

#include "mm/table/mm_struct.h"

/* Makes a table of empty slots, each holding `none`, and puts its frames on the space's list.
 * Returns PFN_NONE if out of memory. */
pfn_t table_alloc(struct mm *mm, entry_t none);
/* Takes a table of one frame off the list. The caller then has its reference. */
void table_forget(struct mm *mm, pfn_t table);
/* Frees every table of a space out of reach of all CPUs. */
void table_free_all(struct mm *mm);
