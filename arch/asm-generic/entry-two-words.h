/* SPDX-License-Identifier: MIT */
/*
 * Entries of 64 bits in two words of 32, with 0 for an empty slot at every level. For asm/pgtable.h
 * of such ports.
 */
#pragma once

#include "arch/asm-generic/pte.h"
#include "kernel/compiler.h"

#define ENTRY_WORDS  2
#define PRESENT_WORD 0 /* the word with the bit tested by a lockless walker */
#define OTHER_WORD   1

typedef u32 entry_word_t;
typedef struct entry {
	entry_word_t word[ENTRY_WORDS];
} __aligned(8) entry_t;
_Static_assert(sizeof(entry_t) == 8, "an entry has 64 bits");

typedef entry_t pgd_t, p4d_t, pud_t, pmd_t, pte_t;

/*
 * The value of an empty slot, the same at every level, and in the top-level table of a new space.
 */
#define ENTRY_NONE ((entry_t){{0, 0}})
#define PTE_NONE   ENTRY_NONE
#define PMD_NONE   ENTRY_NONE
#define PUD_NONE   ENTRY_NONE
#define P4D_NONE   ENTRY_NONE
#define ROOT_NONE  ENTRY_NONE

static inline bool entry_same(entry_t a, entry_t b)
{
	return a.word[0] == b.word[0] && a.word[1] == b.word[1];
}

static inline u64 entry_value(entry_t e)
{
	return (u64)e.word[1] << 32 | e.word[0];
}

static inline entry_t entry_from_value(u64 value)
{
	return (entry_t){{(u32)value, (u32)(value >> 32)}};
}
