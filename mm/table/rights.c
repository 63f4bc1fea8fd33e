/* SPDX-License-Identifier: MIT */
/* Changes rights and marks of present entries where they stand. */
#include "mm/table/rights.h"

#include <asm/caps.h>

#include "kernel/printk.h"
#include "mm/table/batch.h"
#include "mm/table/clear.h"
#include "mm/table/gather.h"
#include "mm/table/locks.h"
#include "mm/table/lookup.h"
#include "mm/table/pgtable.h"
#include "mm/table/swap_entry.h"

/* More than an entry can be marked while its lock is held: young and dirty, once each, and on ports
 * with TLB handlers by every CPU. */
#define MARKS_MOST 1000u

struct change {
	enum {
		MODIFY, /* to these rights */
		WRPROTECT,
		MKWRITE,
		MKCLEAN,
		MKOLD,
		WRPROTECT_CLEAN,
		MARK,	    /* young */
		MARK_DIRTY, /* and dirty */
	} kind;
	u32 rights;
};

static pte_t changed(pte_t pte, struct change change)
{
	switch (change.kind) {
	case WRPROTECT:
		return pte_wrprotect(pte);
	case MKWRITE:
		pte = pte_mkwrite(pte);
		return CAP_HW_AD ? pte : pte_mark(pte, true);
	case MKCLEAN:
		return pte_mkclean(pte);
	case MKOLD:
		return pte_mkold(pte);
	case WRPROTECT_CLEAN:
		return pte_mkclean(pte_wrprotect(pte));
	case MARK:
	case MARK_DIRTY:
		return CAP_HW_AD ? pte : pte_mark(pte, change.kind == MARK_DIRTY);
	default:
		return pte_modify(pte, change.rights);
	}
}

static _Noreturn void never_at_rest(const pte_t *ptep)
{
	panic("the entry at 0x%llx was marked %u times while its rights changed",
	      (unsigned long long)virt_to_phys(ptep), MARKS_MOST);
}

/* Stores `new` if `old` is still there, and returns the value found. */
static pte_t exchange_whole(pte_t *ptep, pte_t old, pte_t new)
{
	if (guard(rights_exchange))
		return entry_cmpxchg(ptep, old, new);
	for (unsigned word = 0; word < ENTRY_WORDS; word++)
		if (new.word[word] != old.word[word])
			entry_write_word(ptep, word, new.word[word]);
	return old;
}

/* The entry as one object, so there is no state between the old one and the new one. */
static pte_t change_whole(pte_t *ptep, struct change change)
{
	pte_t old = entry_read(ptep);

	for (unsigned n = 0; n < MARKS_MOST; n++) {
		pte_t seen;

		race_point(rights_changing);
		seen = exchange_whole(ptep, old, changed(old, change));
		if (entry_same(seen, old))
			return old;
		old = seen;
	}
	never_at_rest(ptep);
}

static entry_word_t exchange_word(pte_t *ptep, unsigned word, entry_word_t old, entry_word_t new)
{
	if (guard(rights_exchange))
		return entry_cmpxchg_word(ptep, word, old, new);
	entry_write_word(ptep, word, new);
	return old;
}

/* Changes one word of the entry, and returns its old value. The other word permits or forbids the
 * TLB's bits. It is read behind this one, as a TLB handler marks it first. So if this word
 * has a handler's bit, the mark for it is seen as well. */
static entry_word_t change_word(pte_t *ptep, unsigned word, struct change change)
{
	unsigned other = ENTRY_WORDS - 1 - word;

	for (unsigned n = 0; n < MARKS_MOST; n++) {
		entry_word_t old = entry_read_word(ptep, word);
		pte_t pte;

		if (guard(rights_rmb))
			smp_rmb();
		pte.word[word] = old;
		pte.word[other] = entry_read_word(ptep, other);
		race_point(rights_changing);
		if (exchange_word(ptep, word, old, changed(pte, change).word[word]) == old)
			return old;
	}
	never_at_rest(ptep);
}

/*
 * Word by word, as no access reaches both. A TLB handler goes by the present word before it lets a
 * store through by the other word. So the present word changes first. A handler that read it before
 * may still set the other word's bit, and takes it back when it looks again (arch/mips/fill.c). The
 * compare-exchange of the first word comes before the read of the second, so of the two changes one
 * sees the other.
 */
static pte_t change_by_words(pte_t *ptep, struct change change)
{
	unsigned first = guard(wrprotect_software_first) ? PRESENT_WORD : OTHER_WORD;
	pte_t old;

	old.word[first] = change_word(ptep, first, change);
	race_value(rights_between_halves, old.word[first]);
	old.word[ENTRY_WORDS - 1 - first] = change_word(ptep, ENTRY_WORDS - 1 - first, change);
	return old;
}

/* No CPU changes a valid entry that another one has attached, see mm/table/clear.h. */
static pte_t change_attached(struct mm *mm, vaddr_t va, pte_t *ptep, struct change change)
{
	pte_t old = entry_read(ptep);

	clear_begin(mm, va, ptep, ptep_invalidate);
	if (CAP_HW_AD)
		old = with_marks_of(old, entry_read(ptep));
	race_point(rights_changing);
	entry_write_word(ptep, PRESENT_WORD, changed(old, change).word[PRESENT_WORD]);
	clear_end(mm);
	return old;
}

static pte_t change_in_place(struct mm *mm, vaddr_t va, pte_t *ptep, struct change change)
{
	pte_t old;

	seq_step(ptep);
	if (CAP_BROADCAST_FLUSH)
		old = change_attached(mm, va, ptep, change);
	else if (CAP_ATOMIC64)
		old = change_whole(ptep, change);
	else
		old = change_by_words(ptep, change);
	seq_step(ptep);
	race_value(rights_changed, entry_value(changed(old, change)));
	return old;
}

/* Linux change_pte_range(): ptep_modify_prot_start() clears the entry, _commit() sets it. */
static pte_t clear_and_set(struct mm *mm, vaddr_t va, pte_t *ptep, struct change change)
{
	pte_t old = mm_clear_pte(mm, va, ptep);

	race_point(rights_changing);
	set_pte(ptep, changed(old, change));
	race_value(rights_changed, entry_value(changed(old, change)));
	return old;
}

pte_t ptep_modify(struct mm *mm, vaddr_t va, pte_t *ptep, u32 rights)
{
	struct change change = {MODIFY, rights};

	if (choice_is(protect, clear_set))
		return clear_and_set(mm, va, ptep, change);
	return change_in_place(mm, va, ptep, change);
}

pte_t ptep_set_wrprotect(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	return change_in_place(mm, va, ptep, (struct change){WRPROTECT, 0});
}

pte_t ptep_set_wrprotect_clean(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	return change_in_place(mm, va, ptep, (struct change){WRPROTECT_CLEAN, 0});
}

pte_t ptep_set_write(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	return change_in_place(mm, va, ptep, (struct change){MKWRITE, 0});
}

bool ptep_test_and_clear_dirty(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	return pte_dirty(change_in_place(mm, va, ptep, (struct change){MKCLEAN, 0}));
}

bool ptep_test_and_clear_young(struct mm *mm, vaddr_t va, pte_t *ptep)
{
	return pte_young(change_in_place(mm, va, ptep, (struct change){MKOLD, 0}));
}

void ptep_set_access_flags(struct mm *mm, vaddr_t va, pte_t *ptep, bool write)
{
	if (!CAP_HW_AD)
		change_in_place(mm, va, ptep, (struct change){write ? MARK_DIRTY : MARK, 0});
}

void flush_rights(struct mm *mm, vaddr_t start, vaddr_t end, bool taken)
{
	if (taken && guard(rights_flush))
		flush_cleared(mm, start, end);
	else if (!taken && CAP_BROADCAST_FLUSH)
		flush_deferred(mm);
}

static bool takes(pte_t old, pte_t new)
{
	return (pte_access_permitted(old, false) && !pte_access_permitted(new, false)) ||
	       (pte_access_permitted(old, true) && !pte_access_permitted(new, true)) ||
	       (pte_exec(old) && !pte_exec(new));
}

/* [va, end) lies in one page table, whose lock drops after the flush. Linux change_pte_range(). */
static void protect_pte_range(struct mm *mm, pte_t *ptep, vaddr_t va, vaddr_t end, u32 rights)
{
	pte_t *first = ptep;
	vaddr_t start = va;
	bool taken = false;

	pte_lock(first);
	if (guard(settle_before_protect))
		batch_settle(mm);
	if (!guard(rights_before_flush))
		flush_rights(mm, start, end, true);
	for (; va != end; va += PAGE_SIZE, ptep++) {
		pte_t old = entry_read(ptep);
		u32 new;

		if (pte_is_migration(old))
			set_pte(ptep, migration_modify(old, rights, rights & PTE_KEEP_WRITE));
		if (!entry_present(old))
			continue;
		new = rights & ~PTE_KEEP_WRITE;
		if (rights & PTE_KEEP_WRITE && pte_access_permitted(old, true))
			new |= PTE_WRITE;
		ptep_modify(mm, va, ptep, new);
		taken |= takes(old, pte_modify(old, new));
	}
	if (guard(rights_before_flush))
		flush_rights(mm, start, end, taken);
	pte_unlock(first);
}

void protect_page_range(struct mm *mm, vaddr_t start, vaddr_t end, u32 rights)
{
	vaddr_t va, next;

	for (va = start; va != end; va = next) {
		pte_t *ptep = pte_lookup_range(mm, va, end, &next);

		if (ptep)
			protect_pte_range(mm, ptep, va, next, rights);
	}
	race_point(protect_done);
}
