/* SPDX-License-Identifier: MIT */
/*
 * Pages and the ways to reach them, the part of asm/page.h shared by all ports. A port adds
 * PAGE_SHIFT, its map, phys_to_virt() and virt_to_phys().
 *
 * Frames below direct_map_end() always have a kernel address, phys_to_virt(). Others are reached
 * through windows, slots of the running CPU. A window's address is valid on this CPU only, until
 * the slot is mapped again. WINDOW_IRQ is for interrupt handlers. Frame 0 is never handed out.
 */
#pragma once

#include "kernel/compiler.h"

#define PAGE_SIZE (1ul << PAGE_SHIFT)

/* The most free frames of a zone that a CPU keeps for itself (mm/page/page.h). */
#ifndef PCP_MOST
#define PCP_MOST 32u
#endif

/* The swap area has as many rows of slots as columns (mm/table/swap_entry.h). */
#ifndef SWAP_HALF
#define SWAP_HALF 8u
#endif
#define SWAP_SLOTS (SWAP_HALF * SWAP_HALF)

enum window {
	WINDOW_A,
	WINDOW_B,
	WINDOW_ALLOCATOR, /* the frame allocator's own, so it never takes a caller's away */
	WINDOW_IRQ,
	NR_WINDOWS
};

/*
 * Returns the first physical address behind the direct map, a multiple of PAGE_SIZE, fixed at boot.
 */
paddr_t direct_map_end(void);
void *window_map(enum window window, pfn_t pfn);

/* p must be page-aligned. */
void clear_page(void *p);
/* Sets every 32-bit word of the page to `word`. */
void fill_page(void *p, u32 word);
/* Two page-aligned pages. Other CPUs may store to `from` meanwhile. A word is then copied as it is
 * before or after. */
void copy_page(void *to, const void *from);
/* Returns a number that one changed word of the page changes. Other CPUs may store there
 * meanwhile. */
u32 checksum_page(const void *p);
