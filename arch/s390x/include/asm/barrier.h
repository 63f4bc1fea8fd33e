/* SPDX-License-Identifier: MIT */
/*
 * Barriers. Storage is accessed in program order but for one thing: a load may overtake an older
 * store to another place (Principles of Operation, chapter 5, "Storage-Operand References"). So
 * only smp_mb() needs an instruction that serializes. COMPARE AND SWAP does (chapter 7), whatever
 * it compares, on every engine; BRANCH ON CONDITION with mask 15 and no target, the usual one,
 * does nothing in Hercules (docs/findings.md, F-034).
 */
#pragma once

#include "arch/asm-generic/barrier.h"

static inline void smp_mb(void)
{
	u32 word = 0, same = 0;

	__asm__ __volatile__("cs %0,%0,%1" : "+d"(same), "+Q"(word) : : "memory", "cc");
}

/* In every spin: gives the rest of a time slice to a CPU that has work. DIAGNOSE 44 (voluntary time
 * slice end) is what z/VM, LPARs and QEMU know. */
static inline void cpu_relax(void)
{
	__asm__ __volatile__("diag 0,0,0x44" ::: "memory");
}
