/* SPDX-License-Identifier: MIT */
/* The kernel's own address space, and the control elements of spaces. */
#pragma once

#include "boot/boot_info.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Sets direct_map_end() from the end of RAM. */
void paging_set_direct_map(const struct boot_info *boot);
/* Builds the tables with boot_alloc(). */
void paging_init(void);
/* Unmaps the page of the direct map at va. Call while only the boot CPU runs. */
void paging_unmap(vaddr_t va);
/* Return the address-space-control element of the kernel's space, and of the space with this
 * root. */
u64 paging_asce(void);
u64 pgd_asce(paddr_t root);
