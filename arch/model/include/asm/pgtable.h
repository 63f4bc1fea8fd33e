/* SPDX-License-Identifier: MIT */
/*
 * Tables of four entries. What an entry is made of: entry.h, or with MODEL_XPA the layout that
 * arch/mips has.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/page.h>

#define PTRS_PER_PGD 4u
#define PTRS_PER_PTE 4u
#define PTRS_PER_PMD 4u

/* Bits of address that tables of `level` and below them translate; level 1 holds ptes. */
#define MODEL_BITS(level) (PAGE_SHIFT + 2 * (level))

#define PMD_SHIFT MODEL_BITS(1)
#if defined(MODEL_SPLIT)
#define PUD_SHIFT	  MODEL_BITS(2)
#define P4D_SHIFT	  MODEL_BITS(3)
#define PGDIR_SHIFT	  MODEL_BITS(3)
#define PTRS_PER_PUD	  4u
#define PTRS_PER_P4D	  1u
#define P4D_FOLDED	  1
#define PUD_FOLDED	  0
#define USER_END	  (3ul << PGDIR_SHIFT)
#define PREALLOCATED_PMDS 0u
#elif defined(MODEL_XPA)
#define PUD_SHIFT	  MODEL_BITS(2)
#define P4D_SHIFT	  MODEL_BITS(2)
#define PGDIR_SHIFT	  MODEL_BITS(2)
#define PTRS_PER_PUD	  1u
#define PTRS_PER_P4D	  1u
#define P4D_FOLDED	  1
#define PUD_FOLDED	  1
#define USER_END	  (3ul << PGDIR_SHIFT)
#define PREALLOCATED_PMDS 0u
#elif defined(MODEL_WORD)
#define PUD_SHIFT	  MODEL_BITS(2)
#define P4D_SHIFT	  MODEL_BITS(2)
#define PGDIR_SHIFT	  MODEL_BITS(2)
#define PTRS_PER_PUD	  1u
#define PTRS_PER_P4D	  1u
#define P4D_FOLDED	  1
#define PUD_FOLDED	  1
#define USER_END	  (3ul << PGDIR_SHIFT)
#define PREALLOCATED_PMDS 3u
#else
#define PUD_SHIFT	  MODEL_BITS(2)
#define P4D_SHIFT	  MODEL_BITS(3)
#define PGDIR_SHIFT	  MODEL_BITS(4)
#define PTRS_PER_PUD	  4u
#define PTRS_PER_P4D	  4u
#define P4D_FOLDED	  0
#define PUD_FOLDED	  0
#define PREALLOCATED_PMDS 0u
#endif
#define PMD_FOLDED 0

#ifdef MODEL_XPA
#include "arch/mips/include/asm/xpa.h"

#define entry_folds_p4d(pgd_value)  ((void)(pgd_value), P4D_FOLDED)
#define entry_folds_pud(p4d_value)  ((void)(p4d_value), PUD_FOLDED)
#define entry_folds_pmd(pud_value)  ((void)(pud_value), false)
#define entry_shift(e, level_shift) ((void)(e), (level_shift))
#define pgd_shift(pgd)		    ((void)sizeof(pgd), PGDIR_SHIFT)
#define user_end(pgd)		    ((void)sizeof(pgd), USER_END)

#define mk_pmd xpa_table_entry
#define mk_pud xpa_table_entry
#define mk_p4d xpa_table_entry
#define mk_pgd xpa_table_entry
#else
#include <asm/entry.h>
#endif

#ifndef MODEL_FOLDING
/* No space grows. Not merely declared, as on other ports: at -O0 what is never called must link. */
#define root_above_none(pgd)	  ((void)(pgd), ENTRY_NONE)
#define mk_root_above(pgd, table) ((void)(pgd), (void)(table), ENTRY_NONE)
#endif

static inline paddr_t entry_table_pa(entry_t e)
{
	return (paddr_t)entry_pfn(e) << PAGE_SHIFT;
}

/* Frames in a row that a table with such slots takes: a power of two. */
static inline unsigned table_frames(entry_t none)
{
	(void)none;
	return 1;
}

/* Makes the frames a table of empty slots; none: what they hold. One step if others see the page.
 */
void table_init(void *page, entry_t none);

/* One marked access to one word, a step as any other, as entry_read_word() is. */
#define entry_xchg_word(ep, n, value)                                                              \
	((entry_word_t)model_rmw(&(ep)->word[n], sizeof(entry_word_t), RMW_XCHG, (value), 0,       \
				 MODEL_FULL))

#ifdef MODEL_XPA
#define entry_cmpxchg_word(ep, n, expected, value)                                                 \
	atomic_cmpxchg(&(ep)->word[n], (expected), (value))
#include "arch/mips/include/asm/xpa_change.h"

/* Declared and nowhere defined: whoever names these asks CAP_ATOMIC64 first, or
 * CAP_DYNAMIC_FOLDING. */
entry_t entry_read_atomic(entry_t *ep);
entry_t entry_xchg(entry_t *ep, entry_t value);
#else
/* Declared and nowhere defined: hardware sets Accessed and Dirty here, see mm_invalidate_pte(). */
pte_t ptep_mkinvalid(pte_t *ptep);

/* The entry as one 64-bit object: one access each, full order. */
static inline entry_t entry_read_atomic(entry_t *ep)
{
	return entry_from_value(model_read(ep, sizeof(*ep), MODEL_FULL));
}

static inline entry_t entry_xchg(entry_t *ep, entry_t value)
{
	return entry_from_value(
		model_rmw(ep, sizeof(*ep), RMW_XCHG, entry_value(value), 0, MODEL_FULL));
}

#endif

void pgd_init_kernel(pgd_t *pgd);
/* A step if an interrupt may come: between the read of `root` and this load of the register a
 * handler may load another one. (The CPU's copies of top-level entries are reads, steps each.) */
void pgd_load(paddr_t root);
paddr_t pgd_kernel(void);
