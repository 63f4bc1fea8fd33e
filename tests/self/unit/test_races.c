/* SPDX-License-Identifier: MIT */
/*
 * Interleavings made by hand, in which CPU 0 reads and CPU 1 does its part at CPU 0's race point.
 * Each rule is seen to hold, and to break with its guard off.
 */
#include <asm/irq.h>

#include "mm/gup/gup.h"
#include "mm/table/lockless.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define VA 0x40ul

static struct mm mm;
static pte_t *slot;
static struct page *frame_a, *frame_b; /* high and direct */
static pte_t a, b;

/* CPU 1's actions at a point, each at most once. */
static struct {
	enum race_point point;
	void (*act)(void);
	bool done;
} acts[2];

static void hook(const struct race_site *site, u64 value)
{
	(void)value;
	if (cpu_id() != 0)
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(acts); i++) {
		if (!acts[i].act || acts[i].done || acts[i].point != site->point)
			continue;
		acts[i].done = true;
		AS_CPU(1, acts[i].act());
	}
}

static void at(enum race_point first, void (*one)(void), enum race_point second, void (*two)(void))
{
	acts[0].point = first;
	acts[0].act = one;
	acts[1].point = second;
	acts[1].act = two;
	acts[0].done = acts[1].done = false;
	race_hook = hook;
}

/* Makes a fresh space on CPUs 0 and 1, with A at VA if `mapped`. */
static void new_machine(bool mapped)
{
	machine_reset();
	assert(mm_create(&mm));
	load_on(0, &mm);
	load_on(1, &mm);
	frame_a = new_frame(ZONE_HIGH);
	frame_b = new_frame(ZONE_DIRECT);
	a = user_pte(frame_a);
	b = user_pte(frame_b);
	slot = pte_alloc(&mm, VA);
	if (mapped)
		set_pte(slot, a);
}

/* CPU 1 changes only the entry if nothing waits for walkers. */
static void replace_a_by_b(void)
{
	ptep_get_and_clear(slot);
	set_pte(slot, b);
}

static void clear_slot(void)
{
	ptep_get_and_clear(slot);
}

static void take_table_away(void)
{
	p4d_t *p4dp = p4d_offset(pgd_offset_pgd(mm.pgd, VA), VA);

	pmdp_get_and_clear(pmd_offset(pud_offset(p4dp, VA), VA));
}

static void set_a(void)
{
	set_pte(slot, a);
}

static bool stored(pte_t pte)
{
	return !entry_present(pte) || entry_same(pte, a) || entry_same(pte, b);
}

static pte_t walk(void)
{
	u32 irqs = walk_begin(VA);
	pte_t pte = ptep_get_lockless(slot);

	walk_end(irqs, 1);
	return pte;
}

static void test_torn_read(void)
{
	static const u8 choices[] = {VALUE_pte_read_recheck, VALUE_pte_read_seq,
				     VALUE_pte_read_twice};
	pte_t pte;

	for (unsigned i = 0; i < ARRAY_SIZE(choices); i++) {
		new_machine(true);
		choice_value[CHOICE_pte_read] = choices[i];
		at(RACE_pte_between_halves, replace_a_by_b, 0, NULL);
		pte = walk();
		CHECK(acts[0].done && entry_same(pte, b),
		      "pte_read=%s: A replaced by B between the halves: B",
		      value_info[choices[i]].value);
	}
	new_machine(true);
	GUARD_OFF(present_recheck);
	at(RACE_pte_between_halves, replace_a_by_b, 0, NULL);
	pte = walk();
	CHECK(!stored(pte) && pte.word[PRESENT_WORD] == a.word[PRESENT_WORD] &&
		      pte.word[OTHER_WORD] == b.word[OTHER_WORD],
	      "present_recheck off: A's low half, B's high half");
	new_machine(true);
	CHOOSE(pte_read, atomic64);
	at(RACE_pte_between_halves, replace_a_by_b, 0, NULL);
	CHECK(entry_same(walk(), a) && !acts[0].done, "pte_read=atomic64: there is no between");
}

static void test_read_order(void)
{
	new_machine(false);
	at(RACE_pte_between_halves, set_a, 0, NULL);
	CHECK(stored(walk()) && acts[0].done, "none becomes A between the halves: none, or A");
	new_machine(false);
	GUARD_OFF(read_present_first);
	at(RACE_pte_between_halves, set_a, 0, NULL);
	CHECK(!stored(walk()),
	      "read_present_first off: A's low half with no high half, and the re-check agrees");
}

/* The re-check alone cannot see A -> none -> A, so the wait for walkers is needed. */
static void test_aba_needs_the_wait(void)
{
	new_machine(true);
	at(RACE_pte_between_halves, clear_slot, RACE_pte_before_recheck, set_a);
	CHECK(!stored(walk()) && acts[1].done,
	      "A, none, A without a wait: the re-check passes on a torn value");
	new_machine(true);
	CHOOSE(pte_read, seq);
	at(RACE_pte_between_halves, clear_slot, RACE_pte_before_recheck, set_a);
	CHECK(stored(walk()) && acts[1].done, "the same, pte_read=seq: the count has changed");
}

/*
 * A whole zap on CPU 1. If it must wait for the walker it is left there for good, because the
 * machine runs one CPU at a time and the walker could not go on.
 */
static jmp_buf zap_given_up;
static bool zap_finished, zap_blocked;
static u32 count_while_blocked;

static void give_up(void)
{
	if (model_pending(0, IPI_SHOOTDOWN))
		longjmp(zap_given_up, 1);
}

static void zap(void)
{
	zap_finished = zap_blocked = false;
	model_relax_hook = give_up;
	if (setjmp(zap_given_up)) {
		zap_blocked =
			READ_ONCE(cpus[1].wait.kind) == WAIT_ACK && cpus[1].wait.whom == BIT(0);
		count_while_blocked = page_count(frame_a);
		return;
	}
	zap_page_range(&mm, VA, VA + PAGE_SIZE);
	zap_finished = true;
}

static void refault_if_zapped(void)
{
	if (zap_finished)
		set_a();
}

static void test_aba_with_the_wait(void)
{
	new_machine(true);
	at(RACE_pte_between_halves, zap, RACE_pte_before_recheck, refault_if_zapped);
	CHECK(stored(walk()), "A, none, A by a zap that waits: a stored value");
	CHECK(zap_blocked && !zap_finished, "the zap waits for the walker's CPU, and says so");
	CHECK(count_while_blocked == 1, "its frame is not released meanwhile");

	new_machine(true);
	GUARD_OFF(shootdown_wait);
	at(RACE_pte_between_halves, zap, RACE_pte_before_recheck, refault_if_zapped);
	CHECK(!stored(walk()) && zap_finished,
	      "shootdown_wait off: the zap goes on, the walker's value is torn");

	new_machine(true);
	GUARD_OFF(walker_irqs_off);
	at(RACE_pte_between_halves, zap, RACE_pte_before_recheck, refault_if_zapped);
	CHECK(!stored(walk()) && zap_finished,
	      "walker_irqs_off off: the walker's own CPU answers, value torn");
}

static unsigned grab(struct page **page)
{
	return gup_fast(VA, 1, FOLL_WRITE, page);
}

static void replace_and_free(void)
{
	replace_a_by_b();
	put_page(frame_a);
}

static void test_grab(void)
{
	struct page *page = NULL;

	new_machine(true);
	at(RACE_gup_grabbed, clear_slot, 0, NULL);
	CHECK(!grab(&page) && acts[0].done && page_count(frame_a) == 1,
	      "gup_fast: the entry is gone after the reference: given back");
	new_machine(true);
	at(RACE_gup_grabbed, replace_a_by_b, 0, NULL);
	CHECK(grab(&page) == 1 && page == frame_b && page_count(frame_a) == 1,
	      "gup_fast: another frame is there now: that one, the first given back");
	new_machine(true);
	at(RACE_gup_grabbed, take_table_away, 0, NULL);
	CHECK(!grab(&page) && acts[0].done && page_count(frame_a) == 1,
	      "gup_fast: the table is gone after the reference: given back");
	new_machine(true);
	GUARD_OFF(ref_recheck);
	at(RACE_gup_grabbed, replace_a_by_b, 0, NULL);
	CHECK(grab(&page) == 1 && page == frame_a,
	      "ref_recheck off: a page that is no longer mapped");
	new_machine(true);
	at(RACE_pte_read_done, replace_and_free, 0, NULL);
	CHECK(!grab(&page) && !page_count(frame_a),
	      "gup_fast: the frame was freed before the reference: none");
	new_machine(true);
	GUARD_OFF(try_get_nonzero);
	GUARD_OFF(ref_recheck);
	at(RACE_pte_read_done, replace_and_free, 0, NULL);
	CHECK(grab(&page) == 1 && page_count(frame_a) == 1,
	      "try_get_nonzero off: a free frame is revived");
}

/* The writer never rests, so the reader gives up, with "not present". */
static void change_low(const struct race_site *site, u64 value)
{
	(void)value;
	if (cpu_id() == 0 && site->point == RACE_pte_before_recheck)
		slot->word[PRESENT_WORD] ^= MODEL_D;
}

static void test_retries(void)
{
	new_machine(true);
	race_hook = change_low;
	CHECK(entry_none(walk()),
	      "an entry that changes at each look: not present, after a bounded time");
}

int main(void)
{
	test_torn_read();
	test_read_order();
	test_aba_needs_the_wait();
	test_aba_with_the_wait();
	test_grab();
	test_retries();
	return tap_done();
}
