/* SPDX-License-Identifier: MIT */
/* The list of usable RAM in boot_info, kept ascending, disjoint and page-aligned. Pure code. */
#pragma once

#include "boot/boot_info.h"

#define BOOT_PAGE 4096u
#define LOW_END	  ((paddr_t)1 << 20) /* of the memory a PC's firmware works in */

/* Adds the whole pages inside [start, end) and below limit. Empty or reversed ranges, and those for
 * which there is no room, are dropped and counted in ranges_dropped. */
void ranges_add(struct boot_info *boot, paddr_t start, paddr_t end, paddr_t limit);
/* Takes away every page with a byte in [start, end). */
void ranges_remove(struct boot_info *boot, paddr_t start, paddr_t end);
/* Tells whether any byte of [start, end) is in the list. */
bool ranges_touch(const struct boot_info *boot, paddr_t start, paddr_t end);
u64 ranges_total(const struct boot_info *boot);
