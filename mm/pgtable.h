/* SPDX-License-Identifier: MIT */
/*
 * Page-table entries: how they are stored, taken away and read, and the way from level to level. Each
 * protocol is written here once, for entries of one word and of two.
 *
 * Writers hold the page-table lock (except gup_fast nobody reads without it). Lockless readers have
 * interrupts off, see mm/gup.h. The word with the present bit is "low" in the names of guards and races, as
 * in Linux, the other one "high".
 */
#pragma once

#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/pgtable.h>

#include "kernel/guard.h"
#include "kernel/race.h"

/* Read under the page-table lock: no writer but the hardware's A/D updates. Linux ptep_get(). */
static inline entry_t entry_read(entry_t *ep)
{
	entry_t e;

	for (unsigned i = 0; i < ENTRY_WORDS; i++)
		e.word[i] = entry_read_word(ep, i);
	return e;
}

/*
 * Establish: the slot is empty, and its last translation was flushed and awaited. The present word
 * comes last, so that neither the hardware walker nor a lockless reader sees a present entry whose
 * other half is not there yet. Linux native_set_pte() (PAE); Jason Gunthorpe's rule of 2022-10-06:
 * "write_high(b); wmb; write_low(present)".
 */
static inline void set_pte(entry_t *ep, entry_t e)
{
	if (CAP_SPLIT_ENTRIES) {
		entry_write_word(ep, OTHER_WORD, e.word[OTHER_WORD]);
		race_value(set_between_halves, e.word[OTHER_WORD]);
		if (guard(set_wmb))
			smp_wmb();
	}
	entry_write_word(ep, PRESENT_WORD, e.word[PRESENT_WORD]);
	race_value(set_done, entry_value(e));
}

/* Present word first: "write_low(not present); wmb; write_high". Taken by exchange, so that a Dirty bit
 * that hardware sets at the last moment is in the result. Linux native_pte_clear(), 6.1
 * native_pmdp_get_and_clear(). */
static inline entry_t clear_split(entry_t *ep, entry_t none)
{
	entry_t old;

	old.word[PRESENT_WORD] = entry_xchg_word(ep, PRESENT_WORD, none.word[PRESENT_WORD]);
	race_value(clear_between_halves, old.word[PRESENT_WORD]);
	if (guard(clear_wmb))
		smp_wmb();
	old.word[OTHER_WORD] = entry_read_word(ep, OTHER_WORD);
	entry_write_word(ep, OTHER_WORD, none.word[OTHER_WORD]);
	return old;
}

/* Zap one entry; what it was, with every A/D update that hardware made. Other CPUs may still use the
 * translation until a shootdown. none: what an empty slot of the level holds. */
static inline entry_t entry_get_and_clear(entry_t *ep, entry_t none)
{
	entry_t old;

	if (CAP_SPLIT_ENTRIES && (!CAP_ATOMIC64 || choice_is(zap, split)))
		old = clear_split(ep, none);
	else
		old = entry_xchg(ep, none);
	race_value(clear_done, entry_value(old));
	return old;
}

/* Linux ptep_get_and_clear(), pmdp_get_and_clear(). */
static inline pte_t ptep_get_and_clear(pte_t *ptep)
{
	return entry_get_and_clear(ptep, PTE_NONE);
}

static inline pmd_t pmdp_get_and_clear(pmd_t *pmdp)
{
	return entry_get_and_clear(pmdp, PMD_NONE);
}

/*
 * The lockless read. The result is a value that the entry had, or is not present, as long as no
 * present -> none -> present change with an equal present word fits between the first and the last
 * access; that is what interrupts off plus a waiting shootdown exclude. Linux ptep_get_lockless().
 */

/* A writer that keeps changing the present word forces a retry each time; past this many the reader
 * treats the entry as not present, which every lockless reader must be ready for. */
#define LOCKLESS_RETRIES 64u

static inline entry_t read_low_high(entry_t *ep, bool leaf)
{
	entry_t e;
	unsigned first = guard(read_low_first) ? PRESENT_WORD : OTHER_WORD;
	unsigned second = ENTRY_WORDS - 1 - first;

	e.word[first] = entry_read_word(ep, first);
	if (leaf)
		race_value(pte_between_halves, e.word[first]);
	if (guard(read_rmb))
		smp_rmb();
	e.word[second] = entry_read_word(ep, second);
	return e;
}

static inline entry_t read_recheck(entry_t *ep, bool leaf)
{
	for (unsigned n = 0; n < LOCKLESS_RETRIES; n++) {
		entry_t e = read_low_high(ep, leaf);

		if (leaf)
			race_value(pte_before_recheck, entry_value(e));
		if (guard(recheck_rmb))
			smp_rmb();
		if (!guard(low_recheck) ||
		    likely(entry_read_word(ep, PRESENT_WORD) == e.word[PRESENT_WORD]))
			return e;
	}
	return ENTRY_NONE;
}

static inline entry_t read_twice(entry_t *ep, bool leaf)
{
	for (unsigned n = 0; n < LOCKLESS_RETRIES; n++) {
		entry_t e = read_low_high(ep, leaf);

		if (leaf)
			race_value(pte_before_recheck, entry_value(e));
		smp_rmb();
		if (entry_same(e, read_low_high(ep, leaf)))
			return e;
	}
	return ENTRY_NONE;
}

static __always_inline entry_t entry_get_lockless(entry_t *ep, bool leaf)
{
	if (!CAP_SPLIT_ENTRIES)
		return entry_read(ep);
	if (CAP_ATOMIC64 && choice_is(pte_read, atomic64))
		return entry_read_atomic(ep);
	if (choice_is(pte_read, twice))
		return read_twice(ep, leaf);
	return read_recheck(ep, leaf);
}

static inline pte_t ptep_get_lockless(pte_t *ptep)
{
	pte_t pte;

	race(pte_before_low);
	pte = entry_get_lockless(ptep, true);
	race_value(pte_read_done, entry_value(pte));
	return pte;
}

/* The same for an entry of an upper level. Linux pmdp_get_lockless(). */
static inline entry_t pxdp_get_lockless(entry_t *ep)
{
	return entry_get_lockless(ep, false);
}

/*
 * From level to level. pXd_offset_lockless() gets the pointer and the value that was read from it once:
 * where the level is folded it gives the pointer back, so that stepping it walks the real table; else
 * it follows the value and reads nothing again. Linux d3f7b1bb2040 "mm/gup: fix gup_fast with dynamic
 * page table folding". pXd_offset() reads the entry itself and so needs the page-table lock.
 */
static inline unsigned table_index(vaddr_t va, unsigned shift, unsigned entries)
{
	return (unsigned)(va >> shift) & (entries - 1);
}

/* End of the part of [va, end) that one entry of the level covers; a folded level has one entry. */
static inline vaddr_t level_end(vaddr_t va, vaddr_t end, unsigned shift, bool folded)
{
	vaddr_t next = ((va >> shift) + 1) << shift;

	return folded || next - 1 >= end - 1 ? end : next;
}

/* The slot of va in the top-level table that begins at pgd. Linux pgd_offset_pgd(). */
#define pgd_offset_pgd(pgd, va) ((pgd) + table_index(va, pgd_shift(pgd), PTRS_PER_PGD))

#define PGTABLE_LEVEL(level, upper, SHIFT, ENTRIES)                                                \
	static inline level##_t *level##_offset_lockless(upper##_t *upperp, upper##_t value,       \
							 vaddr_t va)                               \
	{                                                                                          \
		entry_t *table;                                                                    \
                                                                                                   \
		if (entry_folds_##level(value))                                                    \
			return upperp;                                                             \
		table = phys_to_virt(entry_table_pa(value));                                       \
		return table + table_index(va, SHIFT, ENTRIES);                                    \
	}                                                                                          \
	static inline level##_t *level##_offset(upper##_t *upperp, vaddr_t va)                     \
	{                                                                                          \
		return level##_offset_lockless(upperp, entry_read(upperp), va);                    \
	}

PGTABLE_LEVEL(p4d, pgd, P4D_SHIFT, PTRS_PER_P4D)
PGTABLE_LEVEL(pud, p4d, PUD_SHIFT, PTRS_PER_PUD)
PGTABLE_LEVEL(pmd, pud, PMD_SHIFT, PTRS_PER_PMD)
#define entry_folds_pte(pmd_value) ((void)(pmd_value), false)
PGTABLE_LEVEL(pte, pmd, PAGE_SHIFT, PTRS_PER_PTE)
#undef PGTABLE_LEVEL
