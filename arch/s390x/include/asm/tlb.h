/* SPDX-License-Identifier: MIT */
/*
 * This CPU's TLB, and that of all CPUs.
 *
 * IPTE and IDTE make an entry invalid in storage, and drop its translations on every CPU of the
 * configuration. After the instruction no CPU uses the old entry (Principles of Operation, chapter
 * 10, "INVALIDATE PAGE TABLE ENTRY", "INVALIDATE DAT TABLE ENTRY").
 *
 * QEMU's TCG does so on the other CPUs only at the end of the translation block with the
 * instruction (docs/findings.md, F-031). STOSM, which changes nothing here, ends the block.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/pgtable.h>

/* Past this many pages one full flush is cheaper. It always is, because one CPU has no other
 * flush. */
#define TLB_FLUSH_CEILING 0u

/* Drops all of this CPU's translations by PTLB. */
static inline void tlb_flush_all(void)
{
	__asm__ __volatile__("ptlb" ::: "memory");
}

static inline void tlb_flush_page(vaddr_t va)
{
	(void)va;
	tlb_flush_all();
}

/* [start, end) must be page-aligned. */
static inline void tlb_flush_range(vaddr_t start, vaddr_t end)
{
	(void)start;
	(void)end;
	tlb_flush_all();
}

static inline void end_translation_block(void)
{
	u8 mask;

	__asm__ __volatile__("stosm %0,0x00" : "=Q"(mask)::"memory");
}

/* The bare instructions, for tests of their effect. */
static inline void ipte(entry_t *ptep, vaddr_t va)
{
	u64 table = virt_to_phys(ptep) & ~(PTRS_PER_PTE * sizeof(*ptep) - 1);

	__asm__ __volatile__(".insn rrf,0xb2210000,%0,%1,0,0" ::"d"(table), "d"(va) : "memory");
}

/* COMPARE AND SWAP AND PURGE. Stores *word as it is, and purges every CPU's TLB. */
static inline void csp(u32 *word)
{
	register u32 expected __asm__("2") = READ_ONCE(*word);
	register u32 value __asm__("3") = expected;

	__asm__ __volatile__("csp %0,%2"
			     : "+d"(expected), "+d"(value)
			     : "d"((unsigned long)word | 1)
			     : "memory", "cc");
}

/* Makes the entry invalid if it is not yet. On return no CPU uses a translation made from it. va
 * must be the whole translated address. The architecture looks at the page index only, but QEMU
 * drops the translation of this very address. */
static inline void ptep_invalidate(entry_t *ptep, vaddr_t va)
{
	ipte(ptep, va);
	end_translation_block();
}

/* As ptep_invalidate(), for an entry of a segment table. */
static inline void pmdp_invalidate(entry_t *pmdp, vaddr_t va)
{
	u64 table = virt_to_phys(pmdp) & ~(PTRS_PER_PMD * sizeof(*pmdp) - 1);
	u64 at = va & ~((1ul << PMD_SHIFT) - 1); /* this entry alone (bits 52-63), in storage too */

	__asm__ __volatile__(
		".insn rrf,0xb98e0000,%0,%1,0,0" ::"d"(table | table_type_bits(TABLE_SEGMENT)),
		"d"(at)
		: "memory", "cc");
	end_translation_block();
}

/* Drops every translation of the space on every CPU. */
void tlb_flush_space(paddr_t root);
