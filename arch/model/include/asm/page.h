/* SPDX-License-Identifier: MIT */
/*
 * Pages of 64 bytes, and two arrays for memory: [0, direct_map_end()) has kernel addresses, the
 * other begins at 4 GiB and is reached through windows. Whoever asks for an address outside both
 * stops the test.
 */
#pragma once

#include "kernel/compiler.h"

#define PAGE_SHIFT 6
#define PAGE_SIZE  (1ul << PAGE_SHIFT)

enum window {
	WINDOW_A,
	WINDOW_B,
	WINDOW_ALLOCATOR,
	WINDOW_IRQ,
	NR_WINDOWS
};

paddr_t direct_map_end(void);
void *window_map(enum window window, pfn_t pfn);
void *phys_to_virt(paddr_t pa);
/* p: from phys_to_virt() */
paddr_t virt_to_phys(const void *p);

/* p: a page-aligned page */
void clear_page(void *p);
void copy_page(void *to, const void *from);
/* every 32-bit word of the page becomes `word` */
void fill_page(void *p, u32 word);
