/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics, one access each. All have full order, because COMPARE AND SWAP serializes before
 * and after (z/Architecture Principles of Operation, SA22-7832, chapter 7, "COMPARE AND SWAP", and
 * chapter 5, "CPU Serialization").
 */
#pragma once

#include "kernel/compiler.h"

static inline u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	__asm__ __volatile__("cs %0,%2,%1"
			     : "+d"(expected), "+Q"(*p)
			     : "d"(value)
			     : "memory", "cc");
	return expected;
}

#include "arch/asm-generic/try_cmpxchg.h"

/* After this many refusals in a row, which no other CPU explains, the kernel panics. */
#define SWAPS_MOST 10000000u
_Noreturn void compare_and_swap_failed(const u32 *p);

/* Counts one more refusal in *n, 0 at first. Returns true, or panics after SWAPS_MOST in a row. */
static inline bool swap_again(const u32 *p, u32 *n)
{
	if (unlikely(++*n == SWAPS_MOST))
		compare_and_swap_failed(p);
	return true;
}

static inline u32 atomic_xchg(u32 *p, u32 value)
{
	u32 old = READ_ONCE(*p), refused = 0;

	while (!atomic_try_cmpxchg(p, &old, value) && swap_again(p, &refused))
		;
	return old;
}

/* Returns the old value. */
static inline u32 atomic_fetch_add(u32 *p, u32 value)
{
	u32 old = READ_ONCE(*p), refused = 0;

	while (!atomic_try_cmpxchg(p, &old, old + value) && swap_again(p, &refused))
		;
	return old;
}

static inline void atomic_or(u32 *p, u32 bits)
{
	u32 old = READ_ONCE(*p), refused = 0;

	while (!atomic_try_cmpxchg(p, &old, old | bits) && swap_again(p, &refused))
		;
}

static inline void atomic_and(u32 *p, u32 bits)
{
	u32 old = READ_ONCE(*p), refused = 0;

	while (!atomic_try_cmpxchg(p, &old, old & bits) && swap_again(p, &refused))
		;
}
