/* SPDX-License-Identifier: MIT */
/*
 * Barriers. The architecture orders nothing by itself but accesses to one address; SYNC with a
 * stype orders as its name says, and a core without the lighter ones makes them full (MIPS32 volume
 * II, SYNC: 0 all, 4 stores, 0x11 acquire, 0x12 release, 0x13 loads).
 */
#pragma once

#include "kernel/compiler.h"

#define smp_mb()  __asm__ __volatile__("sync" ::: "memory")
#define smp_rmb() __asm__ __volatile__("sync 0x13" ::: "memory")
#define smp_wmb() __asm__ __volatile__("sync 4" ::: "memory")

/* Acquire load, release store: one access, ordered against what follows, what precedes. */
#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		__typeof__(*(p)) loaded_ = READ_ONCE(*(p));                                        \
		__asm__ __volatile__("sync 0x11" ::: "memory");                                    \
		loaded_;                                                                           \
	})
#define smp_store_release(p, value)                                                                \
	do {                                                                                       \
		__asm__ __volatile__("sync 0x12" ::: "memory");                                    \
		WRITE_ONCE(*(p), (value));                                                         \
	} while (0)

/* In every spin. Not PAUSE: that waits until the link of an LL is gone (volume II, PAUSE), which a
 * compare-exchange that failed leaves behind, of whatever word; a spin on another one, interrupts
 * off, would stand still. */
static inline void cpu_relax(void)
{
	barrier();
}
