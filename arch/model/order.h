/* SPDX-License-Identifier: MIT */
/* The parts of the memory models: store buffers (buffer.c) and older values (older.c), for what an
 * operation does with them (order.c) and when it may (enabled.c). */
#pragma once

#include "arch/model/machine.h"

/* Memory itself. */
u64 memory_load(u64 address, unsigned size);
void memory_store(u64 address, unsigned size, u64 value); /* size > 8: every 64-bit word */

/* The value changes for all: others may still see the old one, and look again. */
void reach_memory(struct model_cpu *by, u64 address, unsigned size, u64 value);
/* What a read-modify-write makes of what was there. */
u64 rmw_result(const struct op *op, u64 was);
/* Behind the stores that are on their way already. */
void store_add(struct model_cpu *cpu, struct buffered what);
/* Would the barrier keep later stores behind those that are on their way? */
bool store_starts_epoch(const struct model_cpu *cpu, enum model_barrier kind);
/* What the store makes of memory as it is now. */
u64 store_result(const struct buffered *what);
/* The newest store of the CPU itself to these bytes; NULL: none. */
const struct buffered *store_own(const struct model_cpu *cpu, u64 address, unsigned size);
/* A load of these bytes is answered by it. */
bool store_can_forward(const struct buffered *what, u64 address, unsigned size);
u64 store_forward(const struct buffered *what, u64 address, unsigned size);

/* Where the older values of what a CPU loads are kept: under the address of the word. */
static inline u64 old_address(u64 address, unsigned size)
{
	return address & (size == 8 ? ~7ull : ~3ull);
}
void old_add(struct model_cpu *cpu, u64 address, u64 value);
void old_forget_all(struct model_cpu *cpu);
unsigned old_count(const struct model_cpu *cpu, u64 address);
/* The way-th value back (1: the newest overwritten one). Older ones are out of sight then. */
u64 old_take(struct model_cpu *cpu, u64 address, unsigned way);
