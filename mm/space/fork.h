/* SPDX-License-Identifier: MIT */
/*
 * A space as a copy of another one.
 *
 * Both have the same mappings and, at first, the same pages. So every entry with the right to store
 * loses it, in the parent as well. The next store from either side faults, and the fault
 * copies the page (mm/fault/wp.c). Linux dup_mm(), dup_mmap(), copy_page_range().
 */
#pragma once

#include "mm/table/mm_struct.h"

/*
 * Makes *mm a copy of the parent. Takes the parent's mmap lock for writing. Returns 0, or -ENOMEM
 * with nothing allocated. The parent's mappings and pages are as they were in both cases. Some of
 * its pages may be read-only then, and its next stores find them not shared.
 */
int dup_mm(struct mm *mm, struct mm *parent);
