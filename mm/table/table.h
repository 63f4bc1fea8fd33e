/* SPDX-License-Identifier: MIT */
/* The frames that are an address space's tables. Inside mm/ only; under the page-table lock, or
 * while nobody else knows the space. */
#pragma once

#include "mm/table/mm_struct.h"

/* A table of empty slots, each holding `none`; its frames are on the space's list. PFN_NONE: out of
 * memory. */
pfn_t table_alloc(struct mm *mm, entry_t none);
/* Takes a table of one frame off the list; the caller has its reference. */
void table_forget(struct mm *mm, pfn_t table);
/* Every table of a space that no CPU can reach. */
void table_free_all(struct mm *mm);
