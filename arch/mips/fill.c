/* SPDX-License-Identifier: MIT */
#include "arch/mips/fill.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include <asm/barrier.h>

static struct entrylo to_entrylo(u32 high, u32 low)
{
	return (struct entrylo){high >> XPA_ENTRYLO_ROR | high << (32 - XPA_ENTRYLO_ROR),
				low & XPA_PFNX};
}

/*
 * Reads each word once. The entry counts only if both words have their bit, the TLB's V in one and
 * PRESENT in the other. An establish and a clear each pass through a state with exactly one of them
 * set, in whatever order they store, and at most one of the two runs while we are here. So two
 * words with both bits are two words of one entry, and no barrier is needed.
 */
static struct entrylo read_entry(pte_t *ptep)
{
	u32 high = entry_read_word(ptep, OTHER_WORD), low;

	race_value(fill_between_halves, high);
	low = entry_read_word(ptep, PRESENT_WORD);
	if (guard(refill_present) && !(low & XPA_PRESENT))
		return to_entrylo(high & XPA_G, 0);
	race_value(fill_tested, low);
	if (!guard(refill_read_once))
		low = entry_read_word(ptep, PRESENT_WORD);
	return to_entrylo(high, low);
}

static void read_pair(pte_t *even, struct tlb_pair *pair)
{
	pair->page[0] = read_entry(even);
	pair->page[1] = read_entry(even + 1);
}

static bool change_word(pte_t *ptep, unsigned word, u32 from, u32 to)
{
	return from == to || entry_cmpxchg_word(ptep, word, from, to) == from;
}

/* Sets bits in the TLB's word only if it still has the value read before, so a cleared entry stays
 * cleared. This word is never 0 in a present entry. */
static void change_high(pte_t *ptep, u32 from, u32 bits)
{
	if (guard(tlbmod_recheck))
		change_word(ptep, OTHER_WORD, from, from | bits);
	else
		atomic_or(&ptep->word[OTHER_WORD], bits);
}

/* Takes back what is not permitted any more. Whoever takes a right or a mark away changes
 * software's word first and then looks at the TLB's word (mm/table/rights.c). We have changed the
 * TLB's word and look at software's now. Both changes are full barriers, so one of us sees the
 * other's. */
static void withdraw(pte_t *ptep, u32 high, u32 bits)
{
	u32 gone = bits & ~xpa_usable(entry_read_word(ptep, PRESENT_WORD));

	change_word(ptep, OTHER_WORD, high | bits, (high | bits) & ~gone);
}

/* Software's word is first, so the permission is on record before the TLB lets a store through. In
 * the other order a clear in between finds a clean entry, while some CPU stores. */
static void mark_young_dirty(pte_t *ptep, pte_t pte, bool store)
{
	u32 low = pte.word[PRESENT_WORD], high = pte.word[OTHER_WORD];
	u32 marks = XPA_ACCESSED | (store ? XPA_MODIFIED : 0);
	u32 bits = XPA_V | (store ? XPA_D : 0);

	if (guard(mkwrite_order)) {
		if (!change_word(ptep, PRESENT_WORD, low, low | marks))
			return;
		race_value(touch_between_halves, low | marks);
		change_high(ptep, high, bits);
		if (guard(tlbmod_withdraw))
			withdraw(ptep, high, bits);
	} else {
		change_high(ptep, high, bits);
		race_value(touch_between_halves, high | bits);
		change_word(ptep, PRESENT_WORD, low, low | marks);
	}
}

/*
 * Makes the entry usable by the TLB if its permissions allow. Returns FILL_AGAIN if it is usable
 * now.
 */
static enum fill_answer make_usable(pte_t *ptep, bool store)
{
	pte_t pte;

	pte.word[PRESENT_WORD] = entry_read_word(ptep, PRESENT_WORD);
	smp_rmb(); /* the word stored last is read first, so the other one is there */
	pte.word[OTHER_WORD] = entry_read_word(ptep, OTHER_WORD);
	/* A clear stores this word last. If it is empty, the other one was an older value, and a
	 * mark now would make the TLB's word of an empty slot valid. */
	if (!entry_present(pte) || !pte.word[OTHER_WORD] || pte.word[OTHER_WORD] & XPA_RI)
		return FILL_ABSENT;
	if (!pte_access_permitted(pte, store))
		return FILL_DENIED;
	mark_young_dirty(ptep, pte, store);
	return FILL_AGAIN;
}

static bool permits(const struct entrylo *page, bool store)
{
	u32 need = ENTRYLO_V | (store ? ENTRYLO_D : 0);

	return (page->low & need) == need;
}

enum fill_answer fill_translation(pte_t *ptep, bool store, struct tlb_pair *pair)
{
	unsigned odd = fill_is_odd(ptep);
	enum fill_answer answer;

	read_pair(ptep - odd, pair);
	if (permits(&pair->page[odd], store))
		return FILL_AGAIN;
	answer = make_usable(ptep, store);
	if (answer == FILL_AGAIN)
		read_pair(ptep - odd, pair);
	return answer;
}

static void make_neighbour_global(pte_t *ptep)
{
	u32 high = entry_read_word(ptep, OTHER_WORD);

	if (!entry_none((entry_t){{entry_read_word(ptep, PRESENT_WORD), high}}))
		return; /* the neighbour brought the bit itself */
	race_value(neighbour_read, high);
	if (guard(neighbour_atomic))
		change_word(ptep, OTHER_WORD, high, high | XPA_G);
	else
		entry_write_word(ptep, OTHER_WORD, high | XPA_G);
}

void set_pte_global(pte_t *ptep, pte_t pte)
{
	entry_write_word(ptep, OTHER_WORD, pte.word[OTHER_WORD] | XPA_G);
	smp_wmb();
	entry_write_word(ptep, PRESENT_WORD, pte.word[PRESENT_WORD]);
	race_value(set_done, entry_value(pte));
	make_neighbour_global(fill_is_odd(ptep) ? ptep - 1 : ptep + 1);
}
