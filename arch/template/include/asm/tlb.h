/* SPDX-License-Identifier: MIT */
/* This CPU's TLB. A changed entry takes effect here after one of these, elsewhere never
 * (kernel/smp/shootdown.h). They serve for freed tables too. A page fault must leave
 * no translation of its address that is stricter than the entry. */
#pragma once

#include "arch/asm-generic/tlb-local.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Past this many pages one full flush is cheaper. `make bench` measures it as flush_ceiling. */
#define TLB_FLUSH_CEILING 0u

void tlb_flush_page(vaddr_t va);
/* All of this CPU's user translations. */
void tlb_flush_all(void);
/* [start, end), page-aligned */
void tlb_flush_range(vaddr_t start, vaddr_t end);
