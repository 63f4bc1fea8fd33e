/* SPDX-License-Identifier: MIT */
/* Tables of entries, as the kernel reads and changes them. Each access is a call (access.h). */
#pragma once

#include "kernel/compiler.h"
#include <asm/atomic.h>
#include <asm/caps.h>
#include <asm/entry.h>

#ifdef MODEL_FOLDING
static inline unsigned pgd_shift(pgd_t *pgd)
{
	return MODEL_BITS(entry_level((entry_t){{READ_ONCE(pgd->word[0])}}));
}

static inline vaddr_t user_end(pgd_t *pgd)
{
	return 4ul << pgd_shift(pgd);
}
#define ROOT_NONE entry_from_value(entry_level_bits(model_levels() - 1))

/* The empty slots of a table above the one at pgd, and the entry that points to the one at pgd. */
static inline entry_t root_above_none(pgd_t *pgd)
{
	return entry_from_value(
		entry_level_bits(entry_level((entry_t){{READ_ONCE(pgd->word[0])}}) + 1));
}
#define mk_root_above(pgd, table)                                                                  \
	model_table_entry((table), entry_level((entry_t){{READ_ONCE((pgd)->word[0])}}) + 1)
#else
#define pgd_shift(pgd) ((void)sizeof(pgd), PGDIR_SHIFT)
#define user_end(pgd)  ((void)sizeof(pgd), USER_END)
#ifndef MODEL_XPA
#define ROOT_NONE ENTRY_NONE
#endif
/*
 * No space grows. Other ports only declare this, but at -O0 even a function never called must link.
 */
#define root_above_none(pgd)	  ((void)(pgd), ENTRY_NONE)
#define mk_root_above(pgd, table) ((void)(pgd), (void)(table), ENTRY_NONE)
#endif

/* Returns the number of adjacent frames for a table with such slots, a power of two. */
static inline unsigned table_frames(entry_t none)
{
	(void)none;
	return 1;
}

/* Fills a table with `none`, the empty slot. This is one step if others can see the page. */
void table_init(void *page, entry_t none);

/* One marked access to one word, and a step like any other, as entry_read_word() is. */
#define entry_xchg_word(ep, n, value)                                                              \
	((entry_word_t)model_rmw(&(ep)->word[n], sizeof(entry_word_t), RMW_XCHG, (value), 0,       \
				 MODEL_FULL))

#ifdef MODEL_XPA
#define entry_cmpxchg_word(ep, n, expected, value)                                                 \
	atomic_cmpxchg(&(ep)->word[n], (expected), (value))
#include "arch/mips/include/asm/xpa_change.h"

/* Declared and not defined, so ask CAP_ATOMIC64 or CAP_DYNAMIC_FOLDING before you name them. */
entry_t entry_read_atomic(entry_t *ep);
entry_t entry_xchg(entry_t *ep, entry_t value);
/* Never used. Not merely declared, because at -O0 unused calls must link. */
#define entry_cmpxchg(ep, expected, value) ((void)(ep), (void)(expected), (value))
#else
/* Declared and not defined, because hardware sets Accessed and Dirty, see mm_invalidate_pte(). */
pte_t ptep_mkinvalid(pte_t *ptep);
/* Never used, because an entry can be exchanged whole. At -O0 unused calls must link. */
#define entry_cmpxchg_word(ep, n, expected, value)                                                 \
	((void)(ep), (void)(n), (void)(expected), (value))

/* The entry as one 64-bit object, by one access each, with full order. */
static inline entry_t entry_read_atomic(entry_t *ep)
{
	return entry_from_value(model_read(ep, sizeof(*ep), MODEL_FULL));
}

static inline entry_t entry_xchg(entry_t *ep, entry_t value)
{
	return entry_from_value(
		model_rmw(ep, sizeof(*ep), RMW_XCHG, entry_value(value), 0, MODEL_FULL));
}

static inline entry_t entry_cmpxchg(entry_t *ep, entry_t expected, entry_t value)
{
	return entry_from_value(model_rmw(ep, sizeof(*ep), RMW_CMPXCHG, entry_value(value),
					  entry_value(expected), MODEL_FULL));
}
#endif

/* Never used, because every machine's hardware, or its TLB handler, marks entries. */
#define pte_mark(pte, write) ((void)(write), (pte))

void pgd_init_kernel(pgd_t *pgd);
/* A step if an interrupt may come, because a handler may load another root between the read of
 * `root` and this load of the register. (The CPU's copies of top-level entries are reads, steps
 * each.) */
void pgd_load(paddr_t root);
paddr_t pgd_kernel(void);
