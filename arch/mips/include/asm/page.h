/* SPDX-License-Identifier: MIT */
/*
 * The kernel's memory map. The kernel lives in KSEG0, which shows physical memory from 0 on,
 * cached, without the TLB. Windows are pages of KSEG3. Each CPU's TLB handler translates them by
 * the CPU's own table.
 */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE    0x80000000ul  /* KSEG0, at KERNEL_BASE + physical address */
#define DIRECT_MAP_MAX (128ul << 20) /* and never more than this */
#define KERNEL_MMIO    0xc0000000ul  /* KSEG2, for device registers out of KSEG1's reach */
#define KERNEL_WINDOWS 0xe0000000ul  /* KSEG3, NR_WINDOWS pages of each CPU's own */

/* Call with pa < direct_map_end(). */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(KERNEL_BASE + (unsigned long)pa);
}

/* p comes from phys_to_virt(), or points into the kernel image. */
static inline paddr_t virt_to_phys(const void *p)
{
	return (unsigned long)p - KERNEL_BASE;
}
