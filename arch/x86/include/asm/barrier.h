/* SPDX-License-Identifier: MIT */
/*
 * Barriers for x86-TSO. Loads are not reordered with loads, nor stores with stores; a load may
 * overtake an older store (Intel SDM vol. 3, 9.2.2). So only smp_mb() needs an instruction: a
 * locked one, since MFENCE came with SSE2 and we run on a Pentium III.
 */
#pragma once

#include "kernel/compiler.h"

#define smp_mb()  __asm__ __volatile__("lock; addl $0,-4(%%esp)" ::: "memory", "cc")
#define smp_rmb() barrier()
#define smp_wmb() barrier()

/* Acquire load, release store: one access, ordered against what follows, what precedes. */
#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		__typeof__(*(p)) loaded_ = READ_ONCE(*(p));                                        \
		barrier();                                                                         \
		loaded_;                                                                           \
	})
#define smp_store_release(p, value)                                                                \
	do {                                                                                       \
		barrier();                                                                         \
		WRITE_ONCE(*(p), (value));                                                         \
	} while (0)

/* In every spin: tells the core (and QEMU, which then yields the host CPU) that we only wait. */
static inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" ::: "memory");
}
