/* SPDX-License-Identifier: MIT */
/* Pages: the kernel's map. */
#pragma once

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 12

#define KERNEL_BASE 0x100000ul /* the image: an address that is not a user's to read */

/* pa < direct_map_end() */
void *phys_to_virt(paddr_t pa);
/* p: from phys_to_virt(), or an object of the kernel image */
paddr_t virt_to_phys(const void *p);
