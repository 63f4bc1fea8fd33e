/* SPDX-License-Identifier: MIT */
/* This CPU's TLB, see model_load(). Every flush is on record (model_flushes). */
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

/* What only ports with CAP_BROADCAST_FLUSH have, see mm/clear.h. Declared and nowhere defined: a
 * call that does not ask first does not link. */
void ptep_invalidate(entry_t *ptep, vaddr_t va);
void pmdp_invalidate(entry_t *pmdp, vaddr_t va);
void tlb_flush_space(paddr_t root);
