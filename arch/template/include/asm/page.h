/* SPDX-License-Identifier: MIT */
/* The kernel's memory map. */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE 0x100000ul /* the image, at an address that users cannot read */

/* Call with pa < direct_map_end(). */
void *phys_to_virt(paddr_t pa);
/* p comes from phys_to_virt(), or points into the kernel image. */
paddr_t virt_to_phys(const void *p);
