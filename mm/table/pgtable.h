/* SPDX-License-Identifier: MIT */
/*
 * Stores, takes away and reads page-table entries, and leads from level to level. Each protocol is
 * written here once, for entries of one word and of two.
 *
 * Writers hold the lock of the table (mm/table/locks.h), and so do readers of ptes but gup_fast,
 * which has interrupts off, see mm/gup/gup.h. Nobody needs a lock to read the entries above. In the
 * names of guards and races the word with the present bit is "low", as in Linux, and the other one
 * is "high".
 */
#pragma once

#include <asm/barrier.h>
#include <asm/caps.h>
#include <asm/pgtable.h>

#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "mm/page/zero.h"

/* Call with the table's lock held. Only the hardware writes then (A/D). Linux ptep_get(). */
static inline entry_t entry_read(entry_t *ep)
{
	entry_t e;

	for (unsigned i = 0; i < ENTRY_WORDS; i++)
		e.word[i] = entry_read_word(ep, i);
	return e;
}

/* Returns the page of a present entry, or NULL if the entry has no reference. It then names the
 * zero page, or memory outside both zones. Linux vm_normal_page(). */
static inline struct page *vm_normal_page(pte_t pte)
{
	return is_zero_pfn(entry_pfn(pte)) ? NULL : pfn_to_page(entry_pfn(pte));
}

/* With pte_read=seq each table has a count, odd while one of its entries changes. Writers hold the
 * table's lock, so the count needs no lock of its own. It needs no barrier of its own either.
 * Only an entry present twice in between misleads a reader, and the exchange taking it away is a
 * full barrier (the explorer finds no counterexample, docs/explorer.md). */
static inline u32 *entry_seq(const entry_t *ep)
{
	return &pfn_to_page((pfn_t)(virt_to_phys(ep) >> PAGE_SHIFT))->seq;
}

static inline void seq_step(entry_t *ep)
{
	if (choice_is(pte_read, seq))
		WRITE_ONCE(*entry_seq(ep), READ_ONCE(*entry_seq(ep)) + 1);
}

/*
 * Establishes an entry in an empty slot after the slot's last translation was flushed and awaited.
 * The present word comes last, so that neither the hardware walker nor a lockless reader sees a
 * present entry without its other half. Linux native_set_pte() (PAE). Jason Gunthorpe's rule of
 * 2022-10-06 is "write_high(b); wmb; write_low(present)".
 */
static inline void set_pte(entry_t *ep, entry_t e)
{
	unsigned last = guard(set_present_last) ? PRESENT_WORD : OTHER_WORD;
	unsigned first = ENTRY_WORDS - 1 - last;

	seq_step(ep);
	if (CAP_SPLIT_ENTRIES) {
		entry_write_word(ep, first, e.word[first]);
		race_value(set_between_halves, e.word[first]);
		if (guard(set_wmb))
			smp_wmb();
	}
	entry_write_word(ep, last, e.word[last]);
	race_value(set_done, entry_value(e));
	seq_step(ep);
}

/* By exchange, so that the result has a Dirty bit set by hardware at the last moment. */
static inline entry_word_t take_present_word(entry_t *ep, entry_word_t none)
{
	entry_word_t old;

	if (guard(zap_present_exchange)) {
		race_point(zap_taking_present);
		return entry_xchg_word(ep, PRESENT_WORD, none);
	}
	old = entry_read_word(ep, PRESENT_WORD);
	race_point(zap_taking_present);
	entry_write_word(ep, PRESENT_WORD, none);
	return old;
}

/* Applies pte_mkinvalid() to the entry in place, by steps no reader can take for another frame.
 * Where hardware writes to a present entry, the entry must not be present for a moment, as with a
 * zap. Linux pmdp_invalidate() (x86) calls pmdp_establish() and so uses an exchange. */
static inline pte_t invalidate_by_exchange(pte_t *ptep)
{
	pte_t pte = entry_read(ptep);

	pte.word[PRESENT_WORD] = take_present_word(ptep, PTE_NONE.word[PRESENT_WORD]);
	pte = pte_mkinvalid(pte);
	entry_write_word(ptep, PRESENT_WORD, pte.word[PRESENT_WORD]);
	return pte;
}

/* Needs no exchange, because hardware writes nothing to this half. */
static inline entry_word_t take_other_word(entry_t *ep, entry_word_t none)
{
	entry_word_t old = entry_read_word(ep, OTHER_WORD);

	entry_write_word(ep, OTHER_WORD, none);
	return old;
}

/* Takes the present word first, "write_low(not present); wmb; write_high". The exchange is this
 * barrier (asm/atomic.h). Linux native_pte_clear(), 6.1 native_pmdp_get_and_clear(). */
static inline entry_t clear_split(entry_t *ep, entry_t none)
{
	bool present_first = guard(zap_present_first);
	entry_t old;

	if (present_first)
		old.word[PRESENT_WORD] = take_present_word(ep, none.word[PRESENT_WORD]);
	else
		old.word[OTHER_WORD] = take_other_word(ep, none.word[OTHER_WORD]);
	race_value(clear_between_halves, old.word[present_first ? PRESENT_WORD : OTHER_WORD]);
	if (present_first)
		old.word[OTHER_WORD] = take_other_word(ep, none.word[OTHER_WORD]);
	else
		old.word[PRESENT_WORD] = take_present_word(ep, none.word[PRESENT_WORD]);
	return old;
}

/* Zaps one entry and returns its old value, with every A/D update by hardware. Other CPUs may still
 * use the translation until a shootdown. `none` is an empty slot of the level. */
static inline entry_t entry_get_and_clear(entry_t *ep, entry_t none)
{
	entry_t old;

	seq_step(ep);
	if (CAP_SPLIT_ENTRIES && (!CAP_ATOMIC64 || choice_is(zap, split)))
		old = clear_split(ep, none);
	else
		old = entry_xchg(ep, none);
	seq_step(ep);
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
 * From level to level. pXd_offset_lockless() gets the pointer and the value read from it once. If
 * the level is folded, it gives the pointer back, so that stepping it walks the real table.
 * Otherwise it follows the value and reads nothing again. Linux d3f7b1bb2040 "mm/gup: fix gup_fast
 * with dynamic page table folding". pXd_offset() reads the entry itself, so call it with the
 * table's lock held.
 */
static inline unsigned table_index(vaddr_t va, unsigned shift, unsigned entries)
{
	return (unsigned)(va >> shift) & (entries - 1);
}

/* Returns the end of the part of [va, end) covered by one entry of the level. A folded level has
 * one entry. */
static inline vaddr_t level_end(vaddr_t va, vaddr_t end, unsigned shift, bool folded)
{
	vaddr_t next = ((va >> shift) + 1) << shift;

	return folded || next - 1 >= end - 1 ? end : next;
}

/* The slot of va in the top-level table that begins at pgd. Linux pgd_offset_pgd(). */
#define pgd_offset_pgd(pgd, va) ((pgd) + table_index(va, pgd_shift(pgd), PTRS_PER_PGD))

/* Returns the slot of va in the table the value points to. */
static inline entry_t *table_slot(entry_t value, vaddr_t va, unsigned shift, unsigned entries)
{
	entry_t *table = phys_to_virt(entry_table_pa(value));

	return table + table_index(va, shift, entries);
}

static inline p4d_t *p4d_offset_lockless(pgd_t *pgdp, pgd_t pgd, vaddr_t va)
{
	return entry_folds_p4d(pgd) ? pgdp : table_slot(pgd, va, P4D_SHIFT, PTRS_PER_P4D);
}

static inline p4d_t *p4d_offset(pgd_t *pgdp, vaddr_t va)
{
	return p4d_offset_lockless(pgdp, entry_read(pgdp), va);
}

static inline pud_t *pud_offset_lockless(p4d_t *p4dp, p4d_t p4d, vaddr_t va)
{
	return entry_folds_pud(p4d) ? p4dp : table_slot(p4d, va, PUD_SHIFT, PTRS_PER_PUD);
}

static inline pud_t *pud_offset(p4d_t *p4dp, vaddr_t va)
{
	return pud_offset_lockless(p4dp, entry_read(p4dp), va);
}

static inline pmd_t *pmd_offset_lockless(pud_t *pudp, pud_t pud, vaddr_t va)
{
	return entry_folds_pmd(pud) ? pudp : table_slot(pud, va, PMD_SHIFT, PTRS_PER_PMD);
}

static inline pmd_t *pmd_offset(pud_t *pudp, vaddr_t va)
{
	return pmd_offset_lockless(pudp, entry_read(pudp), va);
}

static inline pte_t *pte_offset_lockless(pmd_t *pmdp, pmd_t pmd, vaddr_t va)
{
	(void)pmdp; /* a page table is never folded */
	return table_slot(pmd, va, PAGE_SHIFT, PTRS_PER_PTE);
}

static inline pte_t *pte_offset(pmd_t *pmdp, vaddr_t va)
{
	return pte_offset_lockless(pmdp, entry_read(pmdp), va);
}
