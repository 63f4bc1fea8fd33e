/* SPDX-License-Identifier: MIT */
/*
 * The kernel's map of its pages. RAM outside of the direct map, also above 4 GiB, is reached
 * through windows. window_map() maps one with a local INVLPG.
 */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE    0xc0000000ul  /* direct map, at KERNEL_BASE + physical address */
#define DIRECT_MAP_MAX (128ul << 20) /* and never more */
#define KERNEL_MMIO    0xf0000000ul  /* mapped device registers and firmware tables */
#define KERNEL_WINDOWS 0xffc00000ul  /* MAX_CPUS * NR_WINDOWS pages */

/* pa must be below direct_map_end(). */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(KERNEL_BASE + (unsigned long)pa);
}

/* p must come from phys_to_virt(), or be an object of the kernel image. */
static inline paddr_t virt_to_phys(const void *p)
{
	return (unsigned long)p - KERNEL_BASE;
}
