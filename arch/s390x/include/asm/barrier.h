/* SPDX-License-Identifier: MIT */
/*
 * Barriers. Storage is accessed in program order, but a load may overtake an older store to another
 * place (Principles of Operation, chapter 5, "Storage-Operand References"). So only smp_mb() needs
 * a serializing instruction. COMPARE AND SWAP is one for any operands (chapter 7), on every engine.
 * The usual one, BRANCH ON CONDITION with mask 15 and no target, does nothing in Hercules
 * (docs/findings.md, F-034).
 */
#pragma once

#include "arch/asm-generic/barrier.h"

static inline void smp_mb(void)
{
	u32 word = 0, same = 0;

	__asm__ __volatile__("cs %0,%0,%1" : "+d"(same), "+Q"(word) : : "memory", "cc");
}

/* For every spin. Gives the rest of a time slice to a CPU with work. DIAGNOSE 44 (voluntary time
 * slice end) is known to z/VM, LPARs and QEMU. */
static inline void cpu_relax(void)
{
	__asm__ __volatile__("diag 0,0,0x44" ::: "memory");
}
