/* SPDX-License-Identifier: MIT */
/* The parts of the memory models. Store buffers (buffer.c) and older values (older.c) serve the
 * operations (order.c) and the question when they may take place (enabled.c). */
#pragma once

#include "arch/model/machine.h"

/* Loads from memory itself. */
u64 memory_load(u64 address, unsigned size);
void memory_store(u64 address, unsigned size, u64 value); /* size > 8 stores every 64-bit word */

/* Changes the value for all CPUs. Others may still see the old one, and look again. */
void reach_memory(struct model_cpu *by, u64 address, unsigned size, u64 value);
/* Returns the new value of a read-modify-write, if `was` is the old one. */
u64 rmw_result(const struct op *op, u64 was);
/* Adds the store behind those already on their way. */
void store_add(struct model_cpu *cpu, struct buffered what);
/* Would the barrier keep later stores behind the ones on their way? */
bool store_starts_epoch(const struct model_cpu *cpu, enum model_barrier kind);
/* Returns memory's value after the store, from memory as it is now. */
u64 store_result(const struct buffered *what);
/* Returns the newest store of the CPU itself to these bytes, or NULL if there is none. */
const struct buffered *store_own(const struct model_cpu *cpu, u64 address, unsigned size);
/* Can the store answer a load of these bytes? */
bool store_can_forward(const struct buffered *what, u64 address, unsigned size);
u64 store_forward(const struct buffered *what, u64 address, unsigned size);

/* Older values for a CPU's loads are kept under this address, the word's own. */
static inline u64 old_address(u64 address, unsigned size)
{
	return address & (size == 8 ? ~7ull : ~3ull);
}
void old_add(struct model_cpu *cpu, u64 address, u64 value);
void old_forget_all(struct model_cpu *cpu);
unsigned old_count(const struct model_cpu *cpu, u64 address);
/*
 * Returns the way-th value back, where 1 is the newest overwritten one. Puts older ones out of
 * sight.
 */
u64 old_take(struct model_cpu *cpu, u64 address, unsigned way);
