/* SPDX-License-Identifier: MIT */
/* Reads an entry without the table's lock, with one function for each pte_read choice. */
#pragma once

#include "mm/table/locks.h"
#include "mm/table/pgtable.h"

/*
 * The lockless read. Its result is not present or a value the entry had, as long as no present ->
 * none -> present change with an equal present word fits between the first and the last access.
 * Interrupts off plus a waiting shootdown exclude such a change. Linux ptep_get_lockless().
 */

/* A writer forces a retry each time it changes the present word. Past this many retries the reader
 * treats the entry as not present, and every lockless reader must be ready for this. */
#ifndef LOCKLESS_RETRIES /* tests/self/explore/count.c makes one attempt */
#define LOCKLESS_RETRIES 64u
#endif

static inline entry_t read_halves(entry_t *ep, bool leaf)
{
	entry_t e;
	unsigned first = guard(read_present_first) ? PRESENT_WORD : OTHER_WORD;
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
		entry_t e = read_halves(ep, leaf);

		if (leaf)
			race_value(pte_before_recheck, entry_value(e));
		if (guard(recheck_rmb))
			smp_rmb();
		if (!guard(present_recheck) ||
		    likely(entry_read_word(ep, PRESENT_WORD) == e.word[PRESENT_WORD]))
			return e;
	}
	return ENTRY_NONE;
}

static inline entry_t read_twice(entry_t *ep, bool leaf)
{
	for (unsigned n = 0; n < LOCKLESS_RETRIES; n++) {
		entry_t e = read_halves(ep, leaf);

		if (leaf)
			race_value(pte_before_recheck, entry_value(e));
		smp_rmb();
		if (entry_same(e, read_halves(ep, leaf)))
			return e;
	}
	return ENTRY_NONE;
}

/* If the count was even and is unchanged, no writer was inside. */
static inline entry_t read_seq(entry_t *ep, bool leaf)
{
	for (unsigned n = 0; n < LOCKLESS_RETRIES; n++) {
		u32 seq = READ_ONCE(*entry_seq(ep));
		entry_t e;

		if (guard(seq_rmb))
			smp_rmb();
		e = read_halves(ep, leaf);
		if (leaf)
			race_value(pte_before_recheck, entry_value(e));
		if (guard(seq_rmb))
			smp_rmb();
		if (!(seq & 1) && READ_ONCE(*entry_seq(ep)) == seq)
			return e;
	}
	return ENTRY_NONE;
}

/* A trylock, because the lock is held across shootdowns. A reader spinning here with interrupts off
 * would keep back its ack. Above the page tables a reader has no lock to try, and re-checks. */
static inline entry_t read_locked(pte_t *ptep)
{
	struct spinlock *lock = pte_lockptr(ptep);
	entry_t e;

	if (!spin_trylock(lock))
		return ENTRY_NONE;
	e = read_halves(ptep, true);
	spin_unlock(lock);
	return e;
}

static __always_inline entry_t entry_get_lockless(entry_t *ep, bool leaf)
{
	if (!CAP_SPLIT_ENTRIES)
		return entry_read(ep);
	if (CAP_ATOMIC64 && choice_is(pte_read, atomic64))
		return entry_read_atomic(ep);
	if (choice_is(pte_read, seq))
		return read_seq(ep, leaf);
	if (choice_is(pte_read, locked) && leaf)
		return read_locked(ep);
	if (choice_is(pte_read, twice))
		return read_twice(ep, leaf);
	return read_recheck(ep, leaf);
}

static inline pte_t ptep_get_lockless(pte_t *ptep)
{
	pte_t pte;

	race_point(pte_before_low);
	pte = entry_get_lockless(ptep, true);
	race_value(pte_read_done, entry_value(pte));
	return pte;
}

/* The same for an entry of an upper level. Linux pmdp_get_lockless(). */
static inline entry_t upper_get_lockless(entry_t *ep)
{
	return entry_get_lockless(ep, false);
}
