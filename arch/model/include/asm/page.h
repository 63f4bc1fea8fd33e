/* SPDX-License-Identifier: MIT */
/*
 * Pages of 64 bytes, in two arrays of memory. [0, direct_map_end()) has kernel addresses. The other
 * array begins at 4 GiB and is reached through windows. An address outside both stops the test.
 */
#pragma once

#define PCP_MOST  2u
#define SWAP_HALF 2u

#include "arch/asm-generic/page.h"

#define PAGE_SHIFT 6

/* The kernel is the host's, and no space reaches so far. */
#define KERNEL_BASE 0xc0000000ul

/* No step. A load through the result is ordered behind the load of `pa`, and that depends only on
 * the load of `pa`. */
void *phys_to_virt(paddr_t pa);
/* p comes from phys_to_virt(). */
paddr_t virt_to_phys(const void *p);
