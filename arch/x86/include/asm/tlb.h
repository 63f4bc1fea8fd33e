/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB. A changed entry takes effect here after one of these, and elsewhere never,
 * because there is no broadcast (kernel/smp/shootdown.h). INVLPG also drops all
 * paging-structure-cache entries of the current PCID (SDM vol. 3, 4.10.4.1), so it serves for freed
 * tables too. It does not reload PDPTEs. A page fault drops the translation of its address
 * (4.10.4.1).
 */
#pragma once

#include "arch/asm-generic/tlb-local.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/*
 * Past this many pages one full flush is cheaper than INVLPG by page. `make bench` measures it as
 * flush_ceiling, with 16 pages of other code to translate again. It is 28 or 29 on QEMU's TCG. Real
 * machines differ, by model and by the pages in use. Linux takes 33 for all of them
 * (tlb_single_page_flush_ceiling, arch/x86/mm/tlb.c).
 */
#define TLB_FLUSH_CEILING 28u

static inline void tlb_flush_page(vaddr_t va)
{
	__asm__ __volatile__("invlpg (%0)" ::"r"(va) : "memory");
}

/* Drops all of this CPU's user translations by a reload of CR3. */
static inline void tlb_flush_all(void)
{
	u32 cr3;

	__asm__ __volatile__("movl %%cr3,%0; movl %0,%%cr3" : "=&r"(cr3)::"memory");
}

/* [start, end) must be page-aligned. */
static inline void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	if ((end - start) >> PAGE_SHIFT > TLB_FLUSH_CEILING) {
		tlb_flush_all();
		return;
	}
	for (vaddr_t va = start; va != end; va += PAGE_SIZE)
		tlb_flush_page(va);
}
