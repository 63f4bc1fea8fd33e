/* SPDX-License-Identifier: MIT */
/*
 * Moves pages to other frames.
 *
 * A page that moves is first taken out of all its entries, and the reverse map finds them. Each
 * gets a migration entry in its place (mm/table/swap_entry.h). It names the CPU that moves the
 * page, and a CPU moves one page at a time. A fault at such an entry waits for the lock of this
 * CPU, and then the access is made again. No CPU has a translation of the page any more, so nobody
 * stores to it, and it can be copied. Afterwards the reverse map finds the migration entries, and
 * each becomes an entry of the new frame.
 *
 * A reference of somebody else would stay on the old frame. So the page moves only if its count is
 * as expected, and the count is 0 until it has moved. Otherwise the entries get the old frame back.
 * Linux mm/migrate.c, folio_migrate_mapping().
 *
 * A migration entry is under the lock of its table alone, so it changes meanwhile as any entry
 * does. A zap clears it, and a fork copies it. It moves with its mapping, and mprotect() changes
 * the rights that come back.
 */
#pragma once

#include <asm/pgtable.h>

#include "mm/table/mm_struct.h"

/*
 * Moves the page of va to another frame, in all spaces. With `longterm` the new frame may be kept
 * for long (mm/page/page.h), and a page in such a frame stays where it is. Returns 0, -EFAULT if no
 * page or the zero page is mapped there, -EPERM (the kernel's own page), -EINVAL (a page of a file.
 * This is ours, because the page cache keeps its frames), -ENOMEM, or -EAGAIN if the page has
 * another user than its entries. After an error all entries are as before. Call with
 * no lock held. Linux move_pages(), migrate_pages(), and migrate_longterm_unpinnable_folios().
 */
int migrate_page(struct mm *mm, vaddr_t va, bool longterm);

/* Waits until the page of this migration entry has moved. Call with the mmap lock held and no other
 * one. Linux migration_entry_wait(). */
void migration_entry_wait(pte_t pte);
/* Returns whether a CPU moves the page of this migration entry now. For oracles. */
bool migration_is_under_way(pte_t pte);
