/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, see model_load(). Every flush is on record (model_flushes).
 *
 * A local flush is no step: all that others do to this TLB meanwhile is to drop more of it (a
 * handler's flush or load of the root, another CPU's broadcast), and it makes no difference which
 * came first. Only where the hardware fills it by itself (the word `filling`) is there something
 * that does not commute, and there it is a step. A broadcast is always one.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/pgtable.h>

void tlb_flush_all(void);
/* [start, end), page-aligned */
void tlb_flush_range(vaddr_t start, vaddr_t end);

static inline void tlb_flush_page(vaddr_t va)
{
	tlb_flush_range(va, va + PAGE_SIZE);
}

/* CAP_BROADCAST_FLUSH, see mm/table/clear.h: the entry becomes invalid and every CPU drops what it
 * has of it; every CPU drops all of the space. */
void ptep_invalidate(entry_t *ptep, vaddr_t va);
void pmdp_invalidate(entry_t *pmdp, vaddr_t va);
void tlb_flush_space(paddr_t root);
