/* SPDX-License-Identifier: MIT */
/* The interface of the two TLB fillers and their accesses. */
#pragma once

#include "arch/model/machine.h"

#define NO_ROOT (~(paddr_t)0) /* the kernel's own space, without user mappings */

/* The hardware's accesses to whole entries in memory itself. They are reported to model_note().
 * Both return the old value. */
entry_t hardware_read(struct model_cpu *cpu, entry_t *ep);
u64 hardware_rmw(struct model_cpu *cpu, entry_t *ep, enum model_rmw rmw, u64 value);

/* Serves a miss inside OP_WALK. Returns 0 after filling the slot, otherwise the fault's cause. */
u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, bool store);
/* Returns the entry for va by a walk of memory itself that changes nothing, or ENTRY_NONE if there
 * is none. */
pte_t tlb_entry_now(const struct model_cpu *cpu, vaddr_t va);
/* Returns true if the hardware may store by this entry, unchanged. */
bool tlb_entry_writable(pte_t pte);
/* The parts of tlb_miss() for a TLB that fills by itself. tlb_levels() returns the levels of the
 * space. tlb_table_now() returns 1 + the frame of the table of `level` on the way to va, or 0 if
 * there is none. tlb_fill() answers as tlb_miss(). */
unsigned tlb_levels(paddr_t root);
u32 tlb_table_now(paddr_t root, vaddr_t va, unsigned level);
u32 tlb_fill(struct model_cpu *cpu, struct translation *slot, vaddr_t va, entry_t *ptep,
	     bool store);
/* Called after such a fault. Returns true if software has mended it and the access must be tried
 * again. Otherwise sets *cause. */
bool tlb_trap(vaddr_t va, bool store, u32 *cause);

/* Returns the slot for a translation of the page at va, used or free. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va);
/* Drops the CPU's translations of [start, end). */
void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end);
