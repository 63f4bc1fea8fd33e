/* SPDX-License-Identifier: MIT */
/*
 * Moves entries to other addresses of their space, with their pages, rights and marks.
 *
 * An old slot is emptied and a new one filled, and every CPU drops its translations of the old
 * addresses before the locks of the two tables drop. From then on another CPU may find the page at
 * its new address, take it away there, flush that address alone and free the frame. A CPU with the
 * old address still in its TLB would go on using the frame. Linux move_ptes(), eb66ae030829
 * "mremap: properly flush TLB before releasing the page" (CVE-2018-18281).
 */
#pragma once

#include "mm/table/mm_struct.h"

/* Call both with the mmap lock held for writing. The ranges [old, old + len) and [new, new + len)
 * are page-aligned and have no page in common. */

/* Makes the missing tables for move_page_tables(). Returns false if out of memory, and tables made
 * until then stay. */
bool move_alloc_tables(struct mm *mm, vaddr_t old, vaddr_t new, size_t len);
/* Moves all entries, table by table. The new slots are empty. Linux move_page_tables(). */
void move_page_tables(struct mm *mm, vaddr_t old, vaddr_t new, size_t len);
