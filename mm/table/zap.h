/* SPDX-License-Identifier: MIT */
/* Takes mappings and tables away, with their flush and their wait. */
#pragma once

#include "mm/table/mm_struct.h"

/* Drops all mappings in [start, end), table by table. Takes the table's lock, clears, flushes every
 * CPU and waits for them. Only then releases the frames and the lock. start and end are
 * page-aligned. Linux zap_page_range(). */
void zap_page_range(struct mm *mm, vaddr_t start, vaddr_t end);
/* Takes the slot's lock and makes a present mapping unusable for the hardware on every CPU.
 * Software still sees its frame. This is the first step of changing it in place. Linux
 * pmdp_invalidate(). */
void invalidate_page(struct mm *mm, vaddr_t va);
/* Frees the tables of [start, end) after the same flush and wait. The range must be empty and
 * aligned to whole tables. The caller alone uses the range. It holds the mmap lock for writing, or
 * no other CPU looks up, fills or clears a slot there. Only lockless walks may go on. Takes the
 * locks of the space and of each PMD table. */
void free_pgtables(struct mm *mm, vaddr_t start, vaddr_t end);
