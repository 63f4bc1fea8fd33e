/* SPDX-License-Identifier: MIT */
/* Floor zero: attributes for the compiler, and the two plain marked accesses. */
#pragma once

#include "kernel/types.h"

#define likely(x)    __builtin_expect(!!(x), 1)
#define unlikely(x)  __builtin_expect(!!(x), 0)
#define __packed     __attribute__((packed))
#define __aligned(n) __attribute__((aligned(n)))
/* An element of an array put together by the linker. The explicit alignment keeps the compiler from
 * padding large objects apart. */
#define __section(name) __attribute__((section(name), used, aligned(sizeof(long))))
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define __noinline	__attribute__((noinline))
#undef __always_inline /* the host's C library has its own */
#define __always_inline inline __attribute__((always_inline))
#define __must_check	__attribute__((warn_unused_result))

#define ARRAY_SIZE(a)	 (sizeof(a) / sizeof((a)[0]))
#define BIT(n)		 (1u << (n))
/* Each argument is computed once. Linux min(), max(). */
#define min(a, b)                                                                                  \
	({                                                                                         \
		__typeof__(a) min_a = (a);                                                         \
		__typeof__(b) min_b = (b);                                                         \
		min_a < min_b ? min_a : min_b;                                                     \
	})
#define max(a, b)                                                                                  \
	({                                                                                         \
		__typeof__(a) max_a = (a);                                                         \
		__typeof__(b) max_b = (b);                                                         \
		max_a > max_b ? max_a : max_b;                                                     \
	})

#define ALIGN_UP(x, a)	 (((x) + ((a)-1)) & ~((__typeof__(x))(a)-1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a)-1))

/* A compiler barrier. No access moves across it in the program text. */
#define barrier() __asm__ __volatile__("" ::: "memory")

/*
 * Relaxed marked accesses. Each is exactly one load or store of at most a machine word. The
 * compiler neither tears, repeats nor invents it. They have no order to other accesses. Wider
 * objects do not compile, because a two-word entry is two accesses and the protocol has to say so.
 */
#ifndef READ_ONCE /* arch/model brings its own, because its accesses are calls */
#define READ_ONCE(x)                                                                               \
	({                                                                                         \
		_Static_assert(sizeof(x) <= sizeof(long), "wider than one access");                \
		*(const volatile __typeof__(x) *)&(x);                                             \
	})
#define WRITE_ONCE(x, value)                                                                       \
	do {                                                                                       \
		_Static_assert(sizeof(x) <= sizeof(long), "wider than one access");                \
		*(volatile __typeof__(x) *)&(x) = (value);                                         \
	} while (0)
#endif
