/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics, one access each. If an atomic returns a value it has full order, otherwise none,
 * as in Linux (Documentation/atomic_t.txt).
 *
 * An atomic is a step (arch/model/machine.h) if another CPU, or a handler of this one, uses the
 * word. It is also a step if it has an order and this CPU's handlers may still load older values,
 * because it takes those away from them.
 */
#pragma once

#include "kernel/compiler.h"

static inline u32 atomic_xchg(u32 *p, u32 value)
{
	return (u32)model_rmw(p, sizeof(*p), RMW_XCHG, value, 0, MODEL_FULL);
}

static inline u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	return (u32)model_rmw(p, sizeof(*p), RMW_CMPXCHG, value, expected, MODEL_FULL);
}

#include "arch/asm-generic/try_cmpxchg.h"

/* Returns the old value. */
static inline u32 atomic_fetch_add(u32 *p, u32 value)
{
	return (u32)model_rmw(p, sizeof(*p), RMW_ADD, value, 0, MODEL_FULL);
}

static inline void atomic_or(u32 *p, u32 bits)
{
	model_rmw(p, sizeof(*p), RMW_OR, bits, 0, MODEL_RELAXED);
}

static inline void atomic_and(u32 *p, u32 bits)
{
	model_rmw(p, sizeof(*p), RMW_AND, bits, 0, MODEL_RELAXED);
}
