/* SPDX-License-Identifier: MIT */
/* Tables have four entries. This gives the number of levels and the address bits of each. */
#pragma once

#include <asm/page.h>

#define PTRS_PER_PGD 4u
#define PTRS_PER_PTE 4u
#define PTRS_PER_PMD 4u

/* The number of address bits translated by tables of `level` and below. Level 1 holds ptes. */
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
