/* SPDX-License-Identifier: MIT */
/* Takes pages out of memory. */
#pragma once

#include "mm/table/mm_struct.h"

/*
 * Writes the page of va to the swap area and takes it out of all spaces that share it. Its frame is
 * free then. If a lockless walker has just got a reference, the page stays in the swap cache, where
 * faults find it. The page is anonymous. Returns 0, -EFAULT if no page is mapped there, -EPERM (the
 * kernel's own page), -EINVAL (a page of a file), -EBUSY if the page has a user besides its
 * entries, -ENOSPC if the swap area is full, or -ENOMEM. With an error nothing has changed. Call
 * with no lock held. Linux has MADV_PAGEOUT for it, and reclaim_folio_list() in mm/vmscan.c.
 */
int page_out(struct mm *mm, vaddr_t va);

/* Takes out what can go of the pages of [start, end), page-aligned, with one flush for many of them
 * (mm/table/batch.h). Returns how many were taken. A fault may have brought one back since. Call
 * with no lock held. Linux reclaim_folio_list(). */
u32 page_out_range(struct mm *mm, vaddr_t start, vaddr_t end);
