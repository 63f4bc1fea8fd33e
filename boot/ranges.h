/* SPDX-License-Identifier: MIT */
/* The list of usable RAM in boot_info, kept ascending, disjoint and page-aligned. Pure code. */
#pragma once

#include "boot/boot_info.h"

#define BOOT_PAGE 4096u
#define LOW_END	  ((paddr_t)1 << 20) /* of the memory that a PC's firmware works in */

/* Adds [start, end): whole pages inside it and below limit. Empty or reversed ones, and those that
 * no longer fit, are dropped and counted in ranges_dropped. */
void ranges_add(struct boot_info *boot, paddr_t start, paddr_t end, paddr_t limit);
/* Takes away every page that [start, end) touches. */
void ranges_remove(struct boot_info *boot, paddr_t start, paddr_t end);
/* Is any byte of [start, end) in the list? */
bool ranges_touch(const struct boot_info *boot, paddr_t start, paddr_t end);
u64 ranges_total(const struct boot_info *boot);
