/* SPDX-License-Identifier: MIT */
/* Taking mappings and tables away, with the flush and the wait that belong to it. */
#pragma once

#include "mm/table/mm_struct.h"

/* Takes the lock, drops all mappings in [start, end), page-aligned, flushes every CPU, waits for
 * them and only then releases the frames and the lock. Linux zap_page_range(). */
void zap_page_range(struct mm *mm, vaddr_t start, vaddr_t end);
/* Takes the lock and makes a present mapping unusable for the hardware, on every CPU, while
 * software still sees its frame: the first step of changing it in place. Linux pmdp_invalidate().
 */
void invalidate_page(struct mm *mm, vaddr_t va);
/* Takes the lock and frees the tables of [start, end), which is empty and aligned to whole tables,
 * after the same flush and wait. */
void free_pgtables(struct mm *mm, vaddr_t start, vaddr_t end);
