/* SPDX-License-Identifier: MIT */
/* The kernel's own address space. */
#pragma once

#include "boot/boot_info.h"
#include "kernel/compiler.h"

/* Sets direct_map_end() from the end of RAM. */
void paging_set_direct_map(const struct boot_info *boot);
/* Builds the tables with boot_alloc() and loads them. */
void paging_init(void);
/* Switches this CPU to NX if it has it, to write protection, and to the kernel's root. */
void paging_load(void);
/* Unmaps the page of the direct map at va. Call while only the boot CPU runs. */
void paging_unmap(vaddr_t va);
/* The ways of caching (SDM vol. 3, 12.3 and tables 12-6 and 12-7). */
enum memory_type {
	MEMORY_WB,	 /* write-back or less by the MTRRs, for tables in RAM and ROM */
	MEMORY_UC,	 /* uncached in spite of the MTRRs, for registers */
	MEMORY_UC_MINUS, /* uncached unless an MTRR says write-combining, for pixels */
};

/* Maps [pa, pa + size) for good, not executable. Returns NULL if the rest of the area is too small,
 * or if the address is too large for the CPU or a pfn_t. Call on the boot CPU, between
 * paging_init() and bootmem_finish(). */
void *map_physical(paddr_t pa, size_t size, enum memory_type type);
