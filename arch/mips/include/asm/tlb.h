/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, filled by our own handlers (arch/mips/tlb.c). A changed entry takes effect here
 * after one of these calls. On other CPUs it never does, because there is no broadcast
 * (kernel/smp/shootdown.h). Flushes apply to the loaded space. Two neighbours share a TLB entry, so
 * a page is flushed together with its neighbour. Upper levels are not cached, so freed tables need
 * no flush of their own. A fault reported to the kernel leaves no translation of its address
 * stricter than the entry. The handlers read the entry again, or drop the translation if they do
 * not fill it (is_mended(), arch/mips/trap.c).
 */
#pragma once

#include "arch/asm-generic/tlb-local.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Past this many pages a new ASID, one full flush, is cheaper than probing page by page. `make
 * bench` measures it as flush_ceiling, 39 to 51 on QEMU's TCG. */
#define TLB_FLUSH_CEILING 39u

void tlb_flush_page(vaddr_t va);
/* Flushes all of this CPU's user translations. */
void tlb_flush_all(void);
/* Flushes [start, end), page-aligned. */
void tlb_flush_range(vaddr_t start, vaddr_t end);
