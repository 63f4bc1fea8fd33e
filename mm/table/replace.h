/* SPDX-License-Identifier: MIT */
/* Puts another page in the place of a mapped one. */
#pragma once

#include "mm/table/mm_struct.h"

/*
 * Call with the table's lock held and a present entry in the slot of va. The slot is emptied and
 * every CPU flushed before the new entry stands. Otherwise a CPU could go on reading the old page
 * after another one has stored to the new page and has told so, and an entry of two words would
 * change under a lockless reader. Linux ptep_clear_flush(), wp_page_copy().
 */
void replace_pte(struct mm *mm, vaddr_t va, pte_t *ptep, pte_t pte);
