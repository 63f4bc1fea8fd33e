/* SPDX-License-Identifier: MIT */
/* The frames of an address space's tables. For mm/ only. */
#pragma once

#include "mm/table/mm_struct.h"

/* Makes a table of empty slots, each holding `none`. Returns PFN_NONE if out of memory. */
pfn_t table_alloc(entry_t none);
/* Puts the frames of a table on the list of the space. Call this and table_forget() with
 * mm->page_table_lock held, or while no other CPU knows the space. */
void table_remember(struct mm *mm, pfn_t table, entry_t none);
/* Takes a table of one frame off the list. The caller then has its reference. */
void table_forget(struct mm *mm, pfn_t table);
/* Frees every table of a space out of reach of all CPUs. */
void table_free_all(struct mm *mm);
