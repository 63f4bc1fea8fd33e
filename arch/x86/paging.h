/* SPDX-License-Identifier: MIT */
/* The kernel's own address space. */
#pragma once

#include "boot/boot_info.h"
#include "kernel/compiler.h"

/* Fixes direct_map_end() from the end of RAM. */
void paging_set_direct_map(const struct boot_info *boot);
/* Builds the tables with boot_alloc() and loads them. */
void paging_init(void);
/* This CPU: NX if there is, write protection, the kernel's root. */
void paging_load(void);
/* Unmaps the page of the direct map at va, while only the boot CPU runs. */
void paging_unmap(vaddr_t va);
/* Maps [pa, pa + size) for good, not executable; NULL if it does not fit in what is left of the
 * area, or the CPU has no such address. Boot CPU only, between paging_init() and bootmem_finish().
 */
void *map_physical(paddr_t pa, size_t size, bool uncached);
