/* SPDX-License-Identifier: MIT */
/*
 * Pages and how the kernel reaches them.
 *
 * The kernel lives in KSEG0: physical memory from 0 on, cached, without the TLB. Frames below
 * direct_map_end() have an address there for ever: phys_to_virt(). Others are reached through
 * windows: pages of KSEG3 that each CPU's TLB handler translates by the CPU's own table, filled by
 * window_map(). A window's address is valid on this CPU only, until it is mapped again; WINDOW_IRQ
 * is for interrupt handlers. Frame 0 is never handed out.
 */
#pragma once

#include "kernel/compiler.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE  (1ul << PAGE_SHIFT)

#define KERNEL_BASE    0x80000000ul  /* KSEG0: KERNEL_BASE + physical address */
#define DIRECT_MAP_MAX (128ul << 20) /* and never more than this */
#define KERNEL_MMIO    0xc0000000ul  /* KSEG2: device registers out of KSEG1's reach */
#define KERNEL_WINDOWS 0xe0000000ul  /* KSEG3: NR_WINDOWS pages, each CPU's own */

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
	return (void *)(KERNEL_BASE + (unsigned long)pa);
}

/* p: from phys_to_virt(), or an object of the kernel image */
static inline paddr_t virt_to_phys(const void *p)
{
	return (unsigned long)p - KERNEL_BASE;
}

/* p: a page-aligned page */
void clear_page(void *p);
void copy_page(void *to, const void *from);
/* every 32-bit word of the page becomes `word` */
void fill_page(void *p, u32 word);
