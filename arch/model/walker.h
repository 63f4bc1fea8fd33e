/* SPDX-License-Identifier: MIT */
/* Who fills the TLB, and by which accesses. */
#pragma once

#include "arch/model/machine.h"

#define NO_ROOT (~(paddr_t)0) /* the kernel's own space: nothing of the user's */

/* The hardware's accesses to entries, which model_note() is told of: memory itself, the whole
 * entry. Both return what was there. */
entry_t hardware_read(struct model_cpu *cpu, entry_t *ep);
u64 hardware_rmw(struct model_cpu *cpu, entry_t *ep, enum model_rmw rmw, u64 value);

/* A miss, inside OP_WALK: fills the slot, 0; or the fault's cause. */
u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, bool store);
/* The entry that translates va now, all levels looked at in memory itself and nothing changed;
 * ENTRY_NONE: there is none. */
pte_t tlb_entry_now(const struct model_cpu *cpu, vaddr_t va);
/* The hardware's permission to store, in the entry as it is. */
bool tlb_entry_writable(pte_t pte);
/* Its parts, for a TLB that fills by itself: levels of the space; the frame of the table of `level`
 * that is on the way to va now, + 1, 0 if there is none; the last part, as tlb_miss(). */
unsigned tlb_levels(paddr_t root);
u32 tlb_table_now(paddr_t root, vaddr_t va, unsigned level);
u32 tlb_fill(struct model_cpu *cpu, struct translation *slot, vaddr_t va, entry_t *ptep,
	     bool store);
/* After such a fault: true if software has mended it, and the access is to be tried again; else
 * *cause says what it was. */
bool tlb_trap(vaddr_t va, bool store, u32 *cause);

/* Where a translation of the page at va is, or would be. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va);
/* The CPU has no translations of [start, end) any more. */
void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end);
