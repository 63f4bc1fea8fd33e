/* SPDX-License-Identifier: MIT */
/*
 * 32-bit atomics with full order, by LL/SC between two SYNCs (MIPS32 volume II, LL, SC, SYNC). The
 * kernel has no 64-bit access, because LLWP/SCWP came with Release 6, and LDC1 and SDC1 want the
 * floating-point registers. So an entry of two words is never read or changed at once.
 */
#pragma once

#include "kernel/compiler.h"

/* `middle` computes the new value %2 from the old value %0. */
#define MIPS_ATOMIC(p, old, value, middle)                                                         \
	do {                                                                                       \
		u32 new_;                                                                          \
		__asm__ __volatile__("sync\n"                                                      \
				     "1:	ll	%0,%1\n"                                   \
				     "	" middle "\n"                                              \
				     "	sc	%2,%1\n"                                           \
				     "	beqz	%2,1b\n"                                           \
				     "	sync"                                                      \
				     : "=&r"(old), "+ZC"(*(p)), "=&r"(new_)                        \
				     : "r"(value)                                                  \
				     : "memory");                                                  \
	} while (0)

static inline u32 atomic_xchg(u32 *p, u32 value)
{
	u32 old;

	MIPS_ATOMIC(p, old, value, "move	%2,%3");
	return old;
}

static inline u32 atomic_cmpxchg(u32 *p, u32 expected, u32 value)
{
	u32 old, new;

	__asm__ __volatile__("sync\n"
			     "1:	ll	%0,%1\n"
			     "	bne	%0,%3,2f\n"
			     "	move	%2,%4\n"
			     "	sc	%2,%1\n"
			     "	beqz	%2,1b\n"
			     "2:	sync"
			     : "=&r"(old), "+ZC"(*p), "=&r"(new)
			     : "r"(expected), "r"(value)
			     : "memory");
	return old;
}

#include "arch/asm-generic/try_cmpxchg.h"

/* Returns the old value. */
static inline u32 atomic_fetch_add(u32 *p, u32 value)
{
	u32 old;

	MIPS_ATOMIC(p, old, value, "addu	%2,%0,%3");
	return old;
}

static inline void atomic_or(u32 *p, u32 bits)
{
	u32 old;

	MIPS_ATOMIC(p, old, bits, "or	%2,%0,%3");
}

static inline void atomic_and(u32 *p, u32 bits)
{
	u32 old;

	MIPS_ATOMIC(p, old, bits, "and	%2,%0,%3");
}
