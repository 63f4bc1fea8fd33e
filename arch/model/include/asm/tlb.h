/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, see model_load(). Every flush is on record (model_flushes).
 *
 * A local flush is no step. Meanwhile others can only drop more of this TLB (a handler's flush or
 * load of the root, another CPU's broadcast), and it makes no difference which came first. It is a
 * step if the hardware fills the TLB by itself (the option `filling`), because that does not
 * commute with a flush. A broadcast is always a step.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/pgtable.h>

void tlb_flush_all(void);
/* Flushes [start, end), page-aligned. */
void tlb_flush_range(vaddr_t start, vaddr_t end);

static inline void tlb_flush_page(vaddr_t va)
{
	tlb_flush_range(va, va + PAGE_SIZE);
}

/* CAP_BROADCAST_FLUSH, see mm/table/clear.h. The first two make the entry invalid, and every CPU
 * drops its translations by it. The third makes every CPU drop the whole space. */
void ptep_invalidate(entry_t *ptep, vaddr_t va);
void pmdp_invalidate(entry_t *pmdp, vaddr_t va);
void tlb_flush_space(paddr_t root);
