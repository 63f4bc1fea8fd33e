/* SPDX-License-Identifier: MIT */
/* Tests arch/mips/fill.c on an entry's way into the TLB, alone and with another CPU's change at
 * each point of the way. */
#include "arch/mips/fill.c"

#include <string.h>

#include "tests/self/unit/mips/host.h"

#define LOW    0x010000ab /* PRESENT */
#define HIGH   0xcdef12a1 /* coherent, XI */
#define WRITE  XPA_WRITE
#define MARKED XPA_ACCESSED

static pte_t *slots; /* a pair */
static struct tlb_pair pair;

/* Another CPU stores this when that point is reached the nth time. */
static struct {
	enum race_point at;
	unsigned nth, seen;
	u32 *word;
	u32 value;
} other;

static u64 touched; /* the trace's value of a mark */

static void hook(const struct race_site *site, u64 value)
{
	if (site->point == RACE_touch_between_halves)
		touched = value;
	if (site->point == other.at && ++other.seen == other.nth)
		*other.word = other.value;
}

static void when(enum race_point at, unsigned nth, u32 *word, u32 value)
{
	memset(&other, 0, sizeof(other));
	other.at = at;
	other.nth = nth;
	other.word = word;
	other.value = value;
	race_hook = hook;
}

/* The tested entry is the odd one. Its neighbour is empty. */
static void have(u32 low, u32 high)
{
	host_reset(0);
	memset(&pair, 0xee, sizeof(pair));
	slots[0] = (pte_t){{0, 0}};
	slots[1] = (pte_t){{low, high}};
}

static bool slot_is(u32 low, u32 high)
{
	return slots[1].word[0] == low && slots[1].word[1] == high;
}

static bool tlb_has(u32 even_low, u32 even_high, u32 low, u32 high)
{
	return pair.page[0].low == even_low && pair.page[0].high == even_high &&
	       pair.page[1].low == low && pair.page[1].high == high;
}

static enum fill_answer load(void)
{
	return fill_translation(&slots[1], false, &pair);
}

static enum fill_answer store(void)
{
	return fill_translation(&slots[1], true, &pair);
}

/* EntryLo is word 1, rotated right by two, with the frame's bits of word 0 in its upper half. */
static void test_valid(void)
{
	have(LOW | MARKED, HIGH | XPA_V);
	CHECK(load() == FILL_AGAIN && tlb_has(0, 0, 0x737bc4aa, 0xab) &&
		      slot_is(LOW | MARKED, HIGH | XPA_V),
	      "valid: into the TLB as it is, and nothing is marked");
	CHECK(host_did(""), "without a barrier");
	have(LOW | WRITE | XPA_MODIFIED, HIGH | XPA_V | XPA_D);
	CHECK(store() == FILL_AGAIN && tlb_has(0, 0, 0x737bc4ae, 0xab) &&
		      slot_is(LOW | WRITE | XPA_MODIFIED, HIGH | XPA_V | XPA_D),
	      "a store at a dirty one");
	have(0, 0);
	slots[0] = (pte_t){{LOW | MARKED, HIGH | XPA_V | XPA_G}};
	CHECK(fill_translation(&slots[0], false, &pair) == FILL_AGAIN &&
		      tlb_has(0x737bc4ab, 0xab, 0, 0),
	      "the even one of a pair");
	slots[1] = (pte_t){{0, XPA_G | XPA_V}};
	CHECK(fill_translation(&slots[0], false, &pair) == FILL_AGAIN &&
		      tlb_has(0x737bc4ab, 0xab, 1, 0),
	      "its empty neighbour, or one without PRESENT: nothing but G");
	CHECK(fill_is_odd(&slots[1]) == 1 && fill_is_odd(&slots[0]) == 0, "which of its pair");
}

static void test_marks(void)
{
	have(LOW, HIGH);
	CHECK(load() == FILL_AGAIN && slot_is(LOW | XPA_ACCESSED, HIGH | XPA_V) &&
		      host_did("rmb") && tlb_has(0, 0, 0x737bc4aa, 0xab),
	      "an old one: marked accessed, valid, and read again");
	have(LOW | WRITE, HIGH);
	CHECK(store() == FILL_AGAIN &&
		      slot_is(LOW | WRITE | XPA_ACCESSED | XPA_MODIFIED, HIGH | XPA_V | XPA_D) &&
		      tlb_has(0, 0, 0x737bc4ae, 0xab),
	      "a store at an old one: modified, too");
	have(LOW | WRITE | MARKED, HIGH | XPA_V);
	CHECK(store() == FILL_AGAIN &&
		      slot_is(LOW | WRITE | XPA_ACCESSED | XPA_MODIFIED, HIGH | XPA_V | XPA_D),
	      "a store at a clean one");
	have(LOW | WRITE, HIGH | XPA_D);
	CHECK(store() == FILL_AGAIN &&
		      slot_is(LOW | WRITE | XPA_ACCESSED | XPA_MODIFIED, HIGH | XPA_V | XPA_D),
	      "D without V lets nothing through");
}

static void left_alone(const char *what, enum fill_answer expected, bool is_store, u32 low,
		       u32 high)
{
	have(low, high);
	CHECK(fill_translation(&slots[1], is_store, &pair) == expected && slot_is(low, high), "%s",
	      what);
}

static void test_refused(void)
{
	left_alone("empty: absent", FILL_ABSENT, false, 0, 0);
	left_alone("a swap entry: absent", FILL_ABSENT, false, 0x020000ab, 0xcdef1200);
	left_alone("the half with PRESENT alone: absent", FILL_ABSENT, false, LOW, 0);
	left_alone("the half with V alone: absent", FILL_ABSENT, false, 0, HIGH | XPA_V);
	left_alone("made invalid: absent", FILL_ABSENT, false, LOW | MARKED, HIGH | XPA_RI);
	left_alone("a store at a page to read: denied", FILL_DENIED, true, LOW | MARKED,
		   HIGH | XPA_V);
	left_alone("even an old one", FILL_DENIED, true, LOW, HIGH);
}

/* Another CPU takes the entry meanwhile, or changes it. */
static void test_races(void)
{
	have(LOW | MARKED, HIGH | XPA_V);
	when(RACE_fill_between_halves, 2, &slots[1].word[0], 0);
	CHECK(load() == FILL_ABSENT && tlb_has(0, 0, 0, 0),
	      "cleared between the two reads: absent");
	have(LOW | MARKED, HIGH | XPA_V);
	when(RACE_fill_tested, 1, &slots[1].word[0], 0x020000cd);
	CHECK(load() == FILL_AGAIN && tlb_has(0, 0, 0x737bc4aa, 0xab),
	      "what was tested is what is loaded");
	have(LOW, HIGH);
	when(RACE_touch_between_halves, 1, &slots[1].word[1], 0);
	CHECK(load() == FILL_AGAIN && slot_is(LOW | MARKED, 0) && touched == (LOW | MARKED),
	      "cleared between the two marks: it stays cleared");
	have(LOW, HIGH);
	when(RACE_touch_between_halves, 1, &slots[1].word[1], HIGH | XPA_RI);
	CHECK(load() == FILL_AGAIN && slot_is(LOW | MARKED, HIGH | XPA_RI),
	      "made invalid meanwhile: so it stays");
}

static void half_comes(const char *name)
{
	if (!strcmp(name, "rmb"))
		slots[1].word[1] = HIGH;
}

static void half_goes(const char *name)
{
	if (!strcmp(name, "rmb"))
		slots[1].word[0] = 0;
}

/* The word stored last is read first, so the other one is there. */
static void test_barrier(void)
{
	have(LOW, 0);
	host_at_barrier = half_comes;
	CHECK(load() == FILL_AGAIN && slot_is(LOW | MARKED, HIGH | XPA_V),
	      "an establish whose first half is seen only behind the barrier");
	have(LOW, HIGH);
	host_at_barrier = half_goes;
	CHECK(load() == FILL_AGAIN && slot_is(0, HIGH),
	      "a clear that begins at the barrier: tried again");
}

static void take_it(u32 *p)
{
	*p = 0;
}

/* Another CPU takes something from software's word when the TLB's word is about to be marked. */
static u32 taken;

static void take_from_low(u32 *p)
{
	(void)p;
	slots[1].word[0] &= ~taken;
}

static bool withdrawn(u32 what, u32 high)
{
	have(LOW | WRITE | XPA_MODIFIED | XPA_ACCESSED, HIGH);
	taken = what;
	host_before_atomic = take_from_low; /* software's word has all marks: one atomic is left */
	return store() == FILL_AGAIN && slots[1].word[1] == high;
}

static void test_withdraw(void)
{
	CHECK(withdrawn(0, HIGH | XPA_V | XPA_D), "what is permitted stays");
	CHECK(withdrawn(XPA_WRITE, HIGH | XPA_V), "the right to store went: so does D");
	CHECK(withdrawn(XPA_MODIFIED, HIGH | XPA_V), "and with its mark");
	CHECK(withdrawn(XPA_ACCESSED, HIGH | XPA_D), "V goes with its own");
	CHECK(withdrawn(~0u, HIGH), "both with the entry");
	have(LOW | WRITE | XPA_MODIFIED | XPA_ACCESSED, HIGH);
	GUARD_OFF(tlbmod_withdraw);
	taken = XPA_WRITE;
	host_before_atomic = take_from_low;
	CHECK(store() == FILL_AGAIN && slots[1].word[1] == (HIGH | XPA_V | XPA_D),
	      "guard tlbmod_withdraw: D stays, and the right is gone");
}

static void test_guards(void)
{
	have(LOW, HIGH);
	host_before_atomic = take_it;
	CHECK(load() == FILL_AGAIN && slot_is(0, HIGH),
	      "cleared before the first mark: neither is made");
	have(LOW, HIGH);
	GUARD_OFF(mkwrite_order);
	when(RACE_touch_between_halves, 1, &slots[1].word[0], 0);
	CHECK(load() == FILL_AGAIN && slot_is(0, HIGH | XPA_V) && touched == (HIGH | XPA_V),
	      "guard mkwrite_order: the TLB's word first");
	have(LOW, HIGH);
	GUARD_OFF(mkwrite_order);
	CHECK(load() == FILL_AGAIN && slot_is(LOW | MARKED, HIGH | XPA_V), "and both");
	have(LOW, HIGH);
	GUARD_OFF(tlbmod_recheck);
	when(RACE_touch_between_halves, 1, &slots[1].word[1], 0);
	CHECK(load() == FILL_AGAIN && slot_is(LOW | MARKED, XPA_V),
	      "guard tlbmod_recheck: V without an entry");
	have(0, HIGH | XPA_V);
	GUARD_OFF(refill_present);
	CHECK(load() == FILL_AGAIN && tlb_has(0, 0, 0x737bc4a8 | 2, 0),
	      "guard refill_present: V alone decides");
	have(LOW | MARKED, HIGH | XPA_V);
	GUARD_OFF(refill_read_once);
	when(RACE_fill_tested, 1, &slots[1].word[0], 0x020000cd);
	CHECK(load() == FILL_AGAIN && tlb_has(0, 0, 0x737bc4aa, 0xcd),
	      "guard refill_read_once: another word is loaded");
}

static void established(const char *what, unsigned which, pte_t before, u32 low, u32 high)
{
	host_reset(0);
	slots[which] = (pte_t){{0, 0}};
	slots[!which] = before;
	set_pte_global(&slots[which], (pte_t){{LOW, HIGH}});
	CHECK(slots[which].word[0] == LOW && slots[which].word[1] == (HIGH | XPA_G) &&
		      slots[!which].word[0] == low && slots[!which].word[1] == high &&
		      host_did("wmb"),
	      "%s", what);
}

static u32 low_at_barrier, high_at_barrier;

static void test_global(void)
{
	established("a global entry: its empty neighbour is global, too", 0, (pte_t){{0, 0}}, 0,
		    XPA_G);
	established("the even neighbour", 1, (pte_t){{0, 0}}, 0, XPA_G);
	established("a neighbour that is there is left alone", 1, (pte_t){{LOW, HIGH}}, LOW, HIGH);
	established("one that is coming, too", 0, (pte_t){{0, HIGH}}, 0, HIGH);
	host_reset(0);
	memset(slots, 0, 2 * sizeof(*slots));
	when(RACE_neighbour_read, 1, &slots[1].word[1], HIGH | XPA_G);
	set_pte_global(&slots[0], (pte_t){{LOW, HIGH}});
	CHECK(slots[1].word[1] == (HIGH | XPA_G),
	      "a neighbour that comes just then is not overwritten");
	host_reset(0);
	memset(slots, 0, 2 * sizeof(*slots));
	GUARD_OFF(neighbour_atomic);
	when(RACE_neighbour_read, 1, &slots[1].word[1], HIGH | XPA_G);
	set_pte_global(&slots[0], (pte_t){{LOW, HIGH}});
	CHECK(slots[1].word[1] == XPA_G, "guard neighbour_atomic: it is");
}

/* The TLB's word is there before the walkers' word. */
static void look(const char *name)
{
	if (!strcmp(name, "wmb")) {
		low_at_barrier = slots[0].word[0];
		high_at_barrier = slots[0].word[1];
	}
}

static void test_order(void)
{
	host_reset(0);
	memset(slots, 0, 2 * sizeof(*slots));
	host_at_barrier = look;
	set_pte_global(&slots[0], (pte_t){{LOW, HIGH}});
	CHECK(high_at_barrier == (HIGH | XPA_G) && !low_at_barrier,
	      "the half with PRESENT is stored last");
	host_at_barrier = NULL;
}

int main(void)
{
	host_memory(0x2000);
	slots = (pte_t *)0x80001010ul;
	test_valid();
	test_marks();
	test_refused();
	test_races();
	test_barrier();
	test_withdraw();
	test_guards();
	test_global();
	test_order();
	return tap_done();
}
