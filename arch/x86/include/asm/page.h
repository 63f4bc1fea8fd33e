/* SPDX-License-Identifier: MIT */
/*
 * Pages: the kernel's map. All of RAM that is not in the direct map, that above 4 GiB too, is
 * reached through windows, which window_map() maps with a local INVLPG.
 */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE    0xc0000000ul  /* direct map: KERNEL_BASE + physical address */
#define DIRECT_MAP_MAX (128ul << 20) /* and never more than this */
#define KERNEL_MMIO    0xf0000000ul  /* mapped device registers and firmware tables */
#define KERNEL_WINDOWS 0xffc00000ul  /* MAX_CPUS * NR_WINDOWS pages */

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
