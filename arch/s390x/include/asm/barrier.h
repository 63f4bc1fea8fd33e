/* SPDX-License-Identifier: MIT */
/*
 * Barriers. Storage is accessed in program order but for one thing: a load may overtake an older
 * store to another place (Principles of Operation, chapter 5, "Storage-Operand References"). So
 * only smp_mb() needs an instruction: BRANCH ON CONDITION with mask 15 and no target serializes.
 */
#pragma once

#include "kernel/compiler.h"

#define smp_mb()  __asm__ __volatile__("bcr 15,0" ::: "memory")
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

/* In every spin: gives the rest of a time slice to a CPU that has work. DIAGNOSE 44 (voluntary time
 * slice end) is what z/VM, LPARs and QEMU know. */
static inline void cpu_relax(void)
{
	__asm__ __volatile__("diag 0,0,0x44" ::: "memory");
}
