/* SPDX-License-Identifier: MIT */
/* Who fills the TLB. */
#pragma once

#include "arch/model/machine.h"

#define NO_ROOT (~(paddr_t)0) /* the kernel's own space: nothing of the user's */

/* A miss, inside OP_WALK: fills the slot, 0; or the fault's cause. */
u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, bool store);
/* After such a fault: true if software has mended it, and the access is to be tried again; else
 * *cause says what it was. */
bool tlb_trap(vaddr_t va, bool store, u32 *cause);

/* Where a translation of the page at va is, or would be. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va);
/* The CPU has no translations of [start, end) any more. */
void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end);
