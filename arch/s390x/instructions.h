/* SPDX-License-Identifier: MIT */
/*
 * Instructions unknown to the compiler, one function each, so that the code around them can be
 * tested on the host (tests/self/unit/s390x). psw.h has those of PSW and control registers.
 */
#pragma once

#include "kernel/compiler.h"

/* STORE CLOCK FAST (chapter 7). */
static inline u64 stckf(void)
{
	u64 tod;

	__asm__ __volatile__(".insn s,0xb27c0000,%0" : "=Q"(tod)::"cc");
	return tod;
}

/* STORE FACILITY LIST EXTENDED (chapter 7). The CPU fills as many of the n doublewords as it knows,
 * and leaves the rest as it is. n must be 1 or more. */
static inline void stfle(u64 *list, unsigned n)
{
	register u64 last __asm__("0") = n - 1;

	__asm__ __volatile__(".insn s,0xb2b00000,0(%1)" : "+d"(last) : "a"(list) : "memory", "cc");
}

/* STORE CPU ADDRESS (chapter 10). */
static inline u16 stap(void)
{
	u16 address;

	__asm__ __volatile__("stap %0" : "=Q"(address));
	return address;
}

/* SET PREFIX (chapter 10). */
static inline void spx(u32 prefix)
{
	__asm__ __volatile__("spx %0" ::"Q"(prefix) : "memory");
}

/* SERVICE CALL, see sclp.h. sccb must be below 2 GiB. Returns the condition code. */
static inline int servc(u32 command, void *sccb)
{
	int cc;

	__asm__ __volatile__(".insn rre,0xb2200000,%1,%2\n\tipm %0\n\tsrl %0,28"
			     : "=&d"(cc)
			     : "d"((u64)command), "a"(sccb)
			     : "memory", "cc");
	return cc;
}

/* INVALIDATE DAT TABLE ENTRY, clearing by ASCE (chapter 10). The first operand is ignored, the
 * second has bit 52 set, and the third is the ASCE. */
static inline void idte_asce(u64 asce)
{
	__asm__ __volatile__(".insn rrf,0xb98e0000,%0,%0,%1,0" ::"d"(0x800ul), "d"(asce)
			     : "memory", "cc");
}

/* From here on this CPU translates addresses, without any earlier translation. */
static inline void dat_on(void)
{
	u8 mask;

	__asm__ __volatile__("ptlb; stosm %0,0x04" : "=Q"(mask)::"memory");
}

/* LOAD, by an instruction, because the word belongs to a caller's stack frame, an object the
 * compiler knows nothing of. */
static inline u64 load_doubleword(vaddr_t at)
{
	u64 word;

	__asm__ __volatile__("lg %0,0(%1)" : "=d"(word) : "a"(at) : "memory");
	return word;
}

/* As load_doubleword() for a halfword of the prefix area, where the compiler sees a null
 * pointer. */
static inline u32 load_halfword(vaddr_t at)
{
	u64 word;

	__asm__ __volatile__("llgh %0,0(%1)" : "=d"(word) : "a"(at) : "memory");
	return (u32)word;
}
