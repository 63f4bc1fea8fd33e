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
/* What may be cached (SDM vol. 3, 12.3 and tables 12-6 and 12-7). */
enum memory_type {
	MEMORY_WB,	 /* write-back, or what the MTRRs say that is less: tables in RAM and ROM */
	MEMORY_UC,	 /* nothing, whatever the MTRRs say: registers */
	MEMORY_UC_MINUS, /* nothing, unless an MTRR says write-combining: pixels */
};

/* Maps [pa, pa + size) for good, not executable; NULL if it does not fit in what is left of the
 * area, or neither the CPU nor a pfn_t has such an address. Boot CPU only, between paging_init()
 * and bootmem_finish(). */
void *map_physical(paddr_t pa, size_t size, enum memory_type type);
