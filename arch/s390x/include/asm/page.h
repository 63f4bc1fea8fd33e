/* SPDX-License-Identifier: MIT */
/*
 * Pages and how the kernel reaches them.
 *
 * The kernel's own space maps real storage one to one, up to direct_map_end(). Frames above are
 * reached through windows: 4 KiB slots of the running CPU. A window's address is valid on this CPU
 * only, until the slot is mapped again; WINDOW_IRQ is for interrupt handlers. Frame 0 is never
 * handed out.
 *
 * User addresses are in another space: see pgd_load(), try_load().
 */
#pragma once

#include "kernel/compiler.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ul << PAGE_SHIFT)

#define KERNEL_BASE    0x10000ul     /* the image; users have other pages there */
#define DIRECT_MAP_MAX (128ul << 20) /* never more than this */
#define KERNEL_WINDOWS (1ul << 40)   /* MAX_CPUS * NR_WINDOWS pages */

enum window {
	WINDOW_A,
	WINDOW_B,
	WINDOW_ALLOCATOR, /* the frame allocator's, so that it never takes a caller's away */
	WINDOW_IRQ,
	NR_WINDOWS
};

/* First physical address that is not in the direct map: a multiple of PAGE_SIZE, fixed at boot. */
paddr_t direct_map_end(void);
void *window_map(enum window window, pfn_t pfn);

/* pa < direct_map_end() */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)pa;
}

/* p: from phys_to_virt(), or an object of the kernel image */
static inline paddr_t virt_to_phys(const void *p)
{
	return (unsigned long)p;
}

/* p: a page-aligned page */
void clear_page(void *p);
void copy_page(void *to, const void *from);
/* every 32-bit word of the page becomes `word` */
void fill_page(void *p, u32 word);
