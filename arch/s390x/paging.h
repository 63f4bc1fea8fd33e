/* SPDX-License-Identifier: MIT */
/* The kernel's own address space, and the words that name spaces. */
#pragma once

#include "boot/boot_info.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Fixes direct_map_end() from the end of RAM. */
void paging_set_direct_map(const struct boot_info *boot);
/* Builds the tables with boot_alloc(). */
void paging_init(void);
/* Unmaps the page of the direct map at va, while only the boot CPU runs. */
void paging_unmap(vaddr_t va);
/* The address-space-control element of the kernel's space, of the space with that root. */
u64 paging_asce(void);
u64 pgd_asce(paddr_t root);
