/* SPDX-License-Identifier: MIT */
/*
 * A small driver, with calls for programs. It takes a reference on a page of the calling program,
 * and reads and writes the page through this reference, wherever the page is mapped by then. Linux
 * gup_test.c, with get_user_pages() rather than pin_user_pages().
 *
 * The driver has one page at a time. A reference that is not given back is a leak.
 */
#pragma once

#include "mm/gup/gup.h"
#include "tests/lab/lab.h"

/* Roles. Takes a reference on the page of va in the space loaded here. flags are FOLL_* of
 * mm/gup/gup.h. Returns 0, -EBUSY if the driver has a page, or -EFAULT if gup_fast() does not get
 * it (ours, as there is no slow path yet). */
int sys_driver_get(struct variant *v, vaddr_t va, u32 flags);
/* Roles. Takes the page of va out of the space loaded here, as the kernel does when memory is
 * short. Returns what page_out() returns (mm/space/page_out.h). */
int sys_driver_page_out(vaddr_t va);
/* Roles. The same for as many pages of [va, va + len) as can go, with one flush for all. Returns
 * how many went. */
u32 sys_driver_page_out_range(vaddr_t va, size_t len);
/* Roles. Moves the page of va in the space loaded here to another frame. Returns the result of
 * migrate_page() (mm/space/migrate.h). */
int sys_driver_migrate(vaddr_t va);
/* Roles. The same, but only out of a frame that may not be kept for long. */
int sys_driver_migrate_longterm(vaddr_t va);
/* Roles. A word of the driver's page, by its offset in bytes. The load is 0 if there is no page,
 * and the store does nothing then. */
u32 sys_driver_load(const struct variant *v, size_t offset);
void sys_driver_store(const struct variant *v, size_t offset, u32 value);
/* Roles. Gives the reference back, if there is one. */
void sys_driver_put(struct variant *v);
