/* SPDX-License-Identifier: MIT */
/*
 * Barriers. The architecture by itself orders only accesses to one address. A SYNC with a stype
 * orders as its name says, and a core without the lighter ones makes them full (MIPS32 volume II,
 * SYNC, with 0 for all, 4 for stores, 0x11 for acquire, 0x12 for release, 0x13 for loads).
 */
#pragma once

#include "kernel/compiler.h"

#define smp_mb()  __asm__ __volatile__("sync" ::: "memory")
#define smp_rmb() __asm__ __volatile__("sync 0x13" ::: "memory")
#define smp_wmb() __asm__ __volatile__("sync 4" ::: "memory")

/*
 * An acquire load comes before all later accesses, and a release store comes after all earlier
 * ones.
 */
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

/* Called in every spin. It is no PAUSE, because PAUSE waits until the link of an LL is gone (volume
 * II, PAUSE). A failed compare-exchange of any word leaves a link behind, so a spin on another word
 * with interrupts off would stand still. */
static inline void cpu_relax(void)
{
	barrier();
}
