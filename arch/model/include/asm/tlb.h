/* SPDX-License-Identifier: MIT */
/* This CPU's TLB, see model_load(). Every flush is on record (model_flushes). */
#pragma once

#include "kernel/compiler.h"
#include <asm/page.h>

void tlb_flush_all(void);
/* [start, end), page-aligned */
void tlb_flush_range(vaddr_t start, vaddr_t end);

static inline void tlb_flush_page(vaddr_t va)
{
	tlb_flush_range(va, va + PAGE_SIZE);
}
