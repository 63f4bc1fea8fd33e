/* SPDX-License-Identifier: MIT */
/* mm/table/pgtable.h, lockless.h: how an entry is stored, taken away and read, access by access,
 * with each guard and choice. */
#include "mm/table/lockless.h"

#include "tests/self/unit/mapped_page.h"

static void test_set(void)
{
	fresh();
	STEPS(set_pte(ptep, swap),
	      BY_WORDS(
		      "W other=high swap; @set_between_halves+ high swap; wmb; W present=low swap; @set_done+ swap",
		      "W present=swap; @set_done+ swap"),
	      "an entry is stored: the half that makes it present comes last");
	GUARD_OFF(set_present_last);
	STEPS(set_pte(ptep, whole),
	      BY_WORDS(
		      "W present=low; @set_between_halves+ low; wmb; W other=high; @set_done+ whole",
		      "W present=whole; @set_done+ whole"),
	      "set_present_last off: it comes first");
	fresh();
	GUARD_OFF(set_wmb);
	STEPS(set_pte(ptep, swap),
	      BY_WORDS("W other=high swap; @set_between_halves+ high swap; W present=low swap; @set_done+ swap",
		       "W present=swap; @set_done+ swap"),
	      "set_wmb off: no barrier between them");
	fresh();
	CHOOSE(pte_read, seq);
	STEPS(set_pte(ptep, swap),
	      BY_WORDS("R seq; W seq=1; W other=high swap; @set_between_halves+ high swap; wmb; "
		       "W present=low swap; @set_done+ swap; R seq; W seq=2",
		       "R seq; W seq=1; W present=swap; @set_done+ swap; R seq; W seq=2"),
	      "pte_read=seq: the table's count is odd meanwhile");
	CHECK(entry_same(*ptep, swap), "and the entry is the one that was given");
}

static void test_clear(void)
{
	fresh();
	TAKES(ptep_get_and_clear(ptep), "Xf present xchg 0; @clear_done+ whole",
	      "an entry is taken away: one exchange");
	CHECK(ptep->word[ENTRY_WORDS - 1] == 0, "of all of it");
	fresh();
	CHOOSE(pte_read, seq);
	TAKES(ptep_get_and_clear(ptep),
	      "R seq; W seq=1; Xf present xchg 0; R seq; W seq=2; @clear_done+ whole",
	      "pte_read=seq: counted");
	fresh();
	CHOOSE(zap, split);
	TAKES(ptep_get_and_clear(ptep),
	      BY_WORDS("@zap_taking_present+ 0; Xf present xchg 0; @clear_between_halves+ low; R other; W other=0; @clear_done+ whole",
		       "Xf present xchg 0; @clear_done+ whole"),
	      "zap=split: the present half by an exchange, then the other one");
	fresh();
	CHOOSE(zap, split);
	GUARD_OFF(zap_present_exchange);
	TAKES(ptep_get_and_clear(ptep),
	      BY_WORDS("R present; @zap_taking_present+ 0; W present=0; @clear_between_halves+ low; R other; W other=0; @clear_done+ whole",
		       "Xf present xchg 0; @clear_done+ whole"),
	      "zap_present_exchange off: a load and a store");
	fresh();
	CHOOSE(zap, split);
	GUARD_OFF(zap_present_first);
	TAKES(ptep_get_and_clear(ptep),
	      BY_WORDS("R other; W other=0; @clear_between_halves+ high; @zap_taking_present+ 0; Xf present xchg 0; @clear_done+ whole",
		       "Xf present xchg 0; @clear_done+ whole"),
	      "zap_present_first off: the other half first");
}

static void test_mkinvalid(void)
{
	pte_t left = PTE_NONE;

	fresh();
	STEPS(left = invalidate_by_exchange(ptep),
	      BY_WORDS("R present; R other; @zap_taking_present+ 0; Xf present xchg 0; W present=low invalid",
		       "R present; @zap_taking_present+ 0; Xf present xchg 0; W present=invalid"),
	      "an entry is made invalid: not present for a moment");
	CHECK(entry_same(left, invalid) && entry_same(*ptep, invalid), "what it is then");
	fresh();
	ptep->word[PRESENT_WORD] = whole.word[PRESENT_WORD];
	GUARD_OFF(zap_present_exchange);
	STEPS(left = invalidate_by_exchange(ptep),
	      BY_WORDS("R present; R other; R present; @zap_taking_present+ 0; W present=0; W present=low invalid",
		       "R present; R present; @zap_taking_present+ 0; W present=0; W present=invalid"),
	      "zap_present_exchange off: by a load and stores");
}

static bool hardware_writes(struct op *op)
{
	if (op->kind == OP_RMW && op->address == (u64)&ptep->word[PRESENT_WORD])
		ptep->word[PRESENT_WORD] |= MODEL_D;
	return false;
}

/* The hardware sets Dirty after the first look, and before the exchange. */
static void test_dirty(void)
{
	pte_t left;

	fresh();
	race_hook = NULL;
	ptep->word[PRESENT_WORD] &= ~(entry_word_t)MODEL_D;
	model_submit = hardware_writes;
	left = invalidate_by_exchange(ptep);
	model_submit = NULL;
	CHECK(entry_same(left, invalid) && entry_same(*ptep, invalid),
	      "a Dirty bit of the last moment is in what is left");
}

#define READ_BY(choice, two)                                                                       \
	do {                                                                                       \
		pte_t read_;                                                                       \
                                                                                                   \
		fresh();                                                                           \
		CHOOSE(pte_read, choice);                                                          \
		STEPS(read_ = ptep_get_lockless(ptep),                                             \
		      BY_WORDS("@pte_before_low+ 0; " two "; @pte_read_done+ whole",               \
			       "@pte_before_low+ 0; R present; @pte_read_done+ whole"),            \
		      "pte_read=%s", #choice);                                                     \
		CHECK(entry_same(read_, whole), "it is whole");                                    \
	} while (0)
#define READ_UPPER(choice, two)                                                                    \
	do {                                                                                       \
		fresh();                                                                           \
		CHOOSE(pte_read, choice);                                                          \
		STEPS(upper_get_lockless(ptep), BY_WORDS(two, "R present"),                        \
		      "pte_read=%s, of an upper level: no race points", #choice);                  \
	} while (0)

static void test_read(void)
{
	READ_BY(recheck, "R present; @pte_between_halves+ low; rmb; R other; @pte_before_recheck+ whole; rmb; R present");
	READ_BY(atomic64, "R present");
	READ_BY(seq, "R seq; rmb; R present; @pte_between_halves+ low; rmb; R other; @pte_before_recheck+ whole; rmb; R seq");
	READ_BY(locked, "R lock; Xf lock cmpxchg 2; R present; @pte_between_halves+ low; rmb; R other; Wr lock=0");
	READ_BY(twice, "R present; @pte_between_halves+ low; rmb; R other; "
		       "@pte_before_recheck+ whole; rmb; R present; @pte_between_halves+ low; rmb; "
		       "R other");
	READ_UPPER(recheck, "R present; rmb; R other; rmb; R present");
	READ_UPPER(seq, "R seq; rmb; R present; rmb; R other; rmb; R seq");
	READ_UPPER(locked, "R present; rmb; R other; rmb; R present");
	READ_UPPER(twice, "R present; rmb; R other; rmb; R present; rmb; R other");
	fresh();
	GUARD_OFF(read_rmb);
	GUARD_OFF(recheck_rmb);
	STEPS(upper_get_lockless(ptep), BY_WORDS("R present; R other; R present", "R present"),
	      "without the barriers");
	GUARD_OFF(present_recheck);
	GUARD_OFF(read_present_first);
	STEPS(upper_get_lockless(ptep), BY_WORDS("R other; R present", "R present"),
	      "the other half first, and no second look");
	CHOOSE(pte_read, seq);
	GUARD_OFF(seq_rmb);
	STEPS(upper_get_lockless(ptep), BY_WORDS("R seq; R other; R present; R seq", "R present"),
	      "the count without barriers");
	fresh();
	table->table_lock.owner = 1;
	CHOOSE(pte_read, locked);
	CHECK(entry_none(ptep_get_lockless(ptep)) == CAP_SPLIT_ENTRIES,
	      "pte_read=locked: nothing while somebody else has the lock");
}

/* Somebody changes the present half, or the count, between any two looks. */
static unsigned attempts;

static bool change_always(struct op *op)
{
	if (op->kind == OP_READ && op->address == (u64)&ptep->word[ENTRY_WORDS - 1]) {
		attempts++;
		ptep->word[PRESENT_WORD] ^= MODEL_A;
		table->seq += 2;
	}
	return false;
}

static void gives_up(enum value_id choice, unsigned looks)
{
	pte_t read;

	fresh();
	race_hook = NULL;
	choice_value[CHOICE_pte_read] = (u8)choice;
	attempts = 0;
	model_submit = change_always;
	read = upper_get_lockless(ptep);
	model_submit = NULL;
	CHECK(entry_none(read) && attempts == looks, "%s: nothing, after %u looks",
	      value_info[choice].value, attempts);
}

static void test_gives_up(void)
{
	if (!CAP_SPLIT_ENTRIES)
		return;
	gives_up(VALUE_pte_read_recheck, LOCKLESS_RETRIES);
	gives_up(VALUE_pte_read_seq, LOCKLESS_RETRIES);
	gives_up(VALUE_pte_read_twice, 2 * LOCKLESS_RETRIES);
	fresh();
	table->seq = 1;
	CHOOSE(pte_read, seq);
	CHECK(entry_none(upper_get_lockless(ptep)), "and while a writer is inside, at all");
}

int main(void)
{
	test_set();
	test_clear();
	test_mkinvalid();
	test_dirty();
	test_read();
	test_gives_up();
	return tap_done();
}
