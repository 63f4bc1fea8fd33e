/* SPDX-License-Identifier: MIT */
/*
 * Barriers for x86-TSO. Loads are not reordered with loads, nor stores with stores, but a load may
 * overtake an older store (Intel SDM vol. 3, 9.2.2). So only smp_mb() needs an instruction. It is a
 * locked one, since MFENCE came with SSE2 and we run on a Pentium III.
 */
#pragma once

#include "arch/asm-generic/barrier.h"

#define smp_mb() __asm__ __volatile__("lock; addl $0,-4(%%esp)" ::: "memory", "cc")

/* For every spin. Tells the core, and QEMU too, that we only wait. QEMU then yields the host
 * CPU. */
static inline void cpu_relax(void)
{
	__asm__ __volatile__("pause" ::: "memory");
}
