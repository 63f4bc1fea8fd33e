/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics with full order, one access each. The compiler's builtins: what instruments a
 * marked access (-fsanitize=thread) tells them from plain ones.
 */
#pragma once

#include "kernel/compiler.h"

static inline u32 atomic_xchg(u32 *p, u32 value)
{
	return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

static inline u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	__atomic_compare_exchange_n(p, &expected, value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return expected;
}

/* True: *p was *expected and is `value` now. False: *expected is what *p was. */
static inline bool atomic_try_cmpxchg(u32 *p, u32 *expected, u32 value)
{
	return __atomic_compare_exchange_n(p, expected, value, false, __ATOMIC_SEQ_CST,
					   __ATOMIC_SEQ_CST);
}

/* Returns the value before. */
static inline u32 atomic_fetch_add(u32 *p, u32 value)
{
	return __atomic_fetch_add(p, value, __ATOMIC_SEQ_CST);
}

static inline void atomic_or(u32 *p, u32 bits)
{
	__atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

static inline void atomic_and(u32 *p, u32 bits)
{
	__atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);
}
