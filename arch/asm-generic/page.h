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
