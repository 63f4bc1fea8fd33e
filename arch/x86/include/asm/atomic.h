/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics, one access each. All have full order, because a locked instruction is a full
 * barrier (SDM vol. 3, 9.2.5). The 64-bit exchange for PAE entries is entry_cmpxchg() in pgtable.h.
 */
#pragma once

#include "kernel/compiler.h"

static inline u32 atomic_xchg(u32 *p, u32 value)
{
	__asm__ __volatile__("xchgl %0,%1" : "+r"(value), "+m"(*p)::"memory");
	return value;
}

static inline u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	__asm__ __volatile__("lock; cmpxchgl %2,%1"
			     : "+a"(expected), "+m"(*p)
			     : "r"(value)
			     : "memory", "cc");
	return expected;
}

/* If *p is *expected, stores `value` and returns true. Otherwise sets *expected to *p. */
static inline bool atomic_try_cmpxchg(u32 *p, u32 *expected, u32 value)
{
	bool done;

	__asm__ __volatile__("lock; cmpxchgl %3,%1"
			     : "=@ccz"(done), "+m"(*p), "+a"(*expected)
			     : "r"(value)
			     : "memory");
	return done;
}

/* Returns the old value. */
static inline u32 atomic_fetch_add(u32 *p, u32 value)
{
	__asm__ __volatile__("lock; xaddl %0,%1" : "+r"(value), "+m"(*p)::"memory", "cc");
	return value;
}

static inline void atomic_or(u32 *p, u32 bits)
{
	__asm__ __volatile__("lock; orl %1,%0" : "+m"(*p) : "r"(bits) : "memory", "cc");
}

static inline void atomic_and(u32 *p, u32 bits)
{
	__asm__ __volatile__("lock; andl %1,%0" : "+m"(*p) : "r"(bits) : "memory", "cc");
}
