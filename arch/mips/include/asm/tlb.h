/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, filled by our own handlers (arch/mips/tlb.c). A changed entry takes effect here
 * after one of these, elsewhere never (there is no broadcast: kernel/smp/shootdown.h). Flushes are
 * for the loaded space; a page is flushed together with its neighbour, as two share a TLB entry.
 * Upper levels are not cached: freed tables need no flush of their own.
 */
#pragma once

#include "arch/asm-generic/tlb-local.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Past this many pages one full flush, a new ASID, is cheaper than probing page by page: `make
 * bench` measures it as flush_ceiling, 39 to 51 on QEMU's TCG. */
#define TLB_FLUSH_CEILING 39u

void tlb_flush_page(vaddr_t va);
/* All of this CPU's user translations. */
void tlb_flush_all(void);
/* [start, end), page-aligned */
void tlb_flush_range(vaddr_t start, vaddr_t end);
