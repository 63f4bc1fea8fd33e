/* SPDX-License-Identifier: MIT */
/*
 * The kernel's map of its pages. Its own space maps real storage one to one, up to
 * direct_map_end(). User addresses are in another space, see pgd_load() and try_load().
 */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE    0x10000ul     /* the image, while users have other pages there */
#define DIRECT_MAP_MAX (128ul << 20) /* never more */
#define KERNEL_WINDOWS (1ul << 40)   /* MAX_CPUS * NR_WINDOWS pages */

/* pa must be below direct_map_end(). */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)pa;
}

/* p must come from phys_to_virt(), or be an object of the kernel image. */
static inline paddr_t virt_to_phys(const void *p)
{
	return (unsigned long)p;
}
