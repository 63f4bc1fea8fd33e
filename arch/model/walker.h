/* SPDX-License-Identifier: MIT */
/* The interface of the two TLB fillers and their accesses. */
#pragma once

#include "arch/model/machine.h"

#define NO_ROOT (~(paddr_t)0) /* the kernel's own space, without user mappings */

/* The hardware's accesses to whole entries in memory itself. They are reported to model_note().
 * Both return the old value. */
entry_t hardware_read(struct model_cpu *cpu, entry_t *ep);
u64 hardware_rmw(struct model_cpu *cpu, entry_t *ep, enum model_rmw rmw, u64 value);

/* A miss, inside OP_WALK: fills the slot, 0; or the fault's cause. */
u32 tlb_miss(struct model_cpu *cpu, struct translation *slot, vaddr_t va, u32 access);
/* The entry that translates va now, all levels looked at in memory itself and nothing changed;
 * ENTRY_NONE: there is none. */
pte_t tlb_entry_now(const struct model_cpu *cpu, vaddr_t va);
/* Returns true if the hardware may store by this entry, unchanged. */
bool tlb_entry_writable(pte_t pte);
/* Which of FAULT_USER and FAULT_EXEC, of those in `access`, the entry does not let through. */
u32 tlb_denied(pte_t pte, u32 access);
/* Its parts, for a TLB that fills by itself: levels of the space; the frame of the table of `level`
 * that is on the way to va now, + 1, 0 if there is none; the last part, as tlb_miss(). */
unsigned tlb_levels(paddr_t root);
u32 tlb_table_now(paddr_t root, vaddr_t va, unsigned level);
u32 tlb_fill(struct model_cpu *cpu, struct translation *slot, vaddr_t va, entry_t *ptep,
	     u32 access);
/* After such a fault: true if software has mended it, and the access is to be tried again; else
 * *cause says what it was. */
bool tlb_trap(vaddr_t va, u32 access, u32 *cause);

struct fault;
/* An instruction's access to the word at va: its translation, for FAULT_* as in OP_WALK, and then
 * `op`, whose address is found here. False: it faulted, *fault filled. */
bool translated_access(vaddr_t va, u32 access, struct op op, u64 *result, struct fault *fault);

/* Returns the slot for a translation of the page at va, used or free. */
struct translation *tlb_slot(struct model_cpu *cpu, vaddr_t va);
/* Drops the CPU's translations of [start, end). */
void tlb_drop(struct model_cpu *cpu, vaddr_t start, vaddr_t end);
