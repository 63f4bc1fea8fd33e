/* SPDX-License-Identifier: MIT */
/* One CPU counts in some bits of an entry, by COMPARE AND SWAP as fast as it can. Another does the
 * same, or sets one of the other bits by IPTE. The entry is invalid all the time, so no CPU
 * translates by it. An emulator may stop all CPUs for an IPTE, so the next one waits for the
 * counter. */
#include <asm/clock.h>

#include "tests/hw/slot.h"
#include "tests/hw/together.h"

#define TURNS	4000u
#define NS_MOST 1000000000ull
#define ONE	(1ul << PAGE_SHIFT) /* in the counter, in place of a frame's number */
#define BATCH	256u		    /* updates between two looks at the rest */
#define FEW	16u
#define LEAST	16u	 /* turns amid the other's updates */
#define TRIES	1000000u /* refusals in a row, far more than the others' updates altogether */

enum {
	COUNTER,
	WRITER,
};

static struct {
	u32 turns;   /* shared, by the writer. An IPTE, or FEW updates */
	u32 counted; /* shared, by the counter */
	bool over;   /* shared, set when the writer has ended */
	u32 overlaps;
	u64 end;
} found;

static bool setup(struct variant *v)
{
	found = (typeof(found)){.counted = 0};
	entry_write_word(v->ptep, PRESENT_WORD, PTE_NONE.word[PRESENT_WORD]);
	return true;
}

/* Returns false if it was refused each time. The judge then finds an update missing at the end. */
static bool count_one(struct variant *v)
{
	entry_t old = entry_read_atomic(v->ptep), seen;

	for (unsigned try = 0; try < TRIES; try++) {
		seen = entry_cmpxchg(v->ptep, old, entry_from_value(entry_value(old) + ONE));
		if (entry_same(seen, old))
			return true;
		old = seen;
	}
	return false;
}

static void count(struct variant *v)
{
	struct lab_patience patience = {0};

	if (!lab_meet(v))
		return;
	while (lab_go_on(&patience, &found.over, &found.turns))
		for (unsigned n = 0, done = true; n < BATCH && done; n++) {
			done = count_one(v);
			WRITE_ONCE(found.counted, found.counted + 1);
		}
	lab_meet_last(v);
}

static void take_turns(struct variant *v, void (*turn)(struct variant *v))
{
	u64 end = clock_ns() + NS_MOST;
	struct lab_patience patience = {0};

	if (!lab_meet(v))
		return;
	while (found.turns < TURNS && clock_ns() < end) {
		u32 before;

		while (!runs_now(&found.counted) &&
		       lab_go_on(&patience, &found.over, &found.counted) && clock_ns() < end)
			;
		before = READ_ONCE(found.counted);
		turn(v);
		found.overlaps += READ_ONCE(found.counted) != before;
		WRITE_ONCE(found.turns, found.turns + 1);
	}
	WRITE_ONCE(found.over, true);
	lab_meet_last(v);
	found.end = entry_value(entry_read_atomic(v->ptep));
	entry_write_word(v->ptep, PRESENT_WORD, PTE_NONE.word[PRESENT_WORD]);
}

static void ipte_once(struct variant *v)
{
	ipte(v->ptep, v->va);
}

static void invalidate(struct variant *v)
{
	take_turns(v, ipte_once);
}

static void count_few(struct variant *v)
{
	for (unsigned n = 0, done = true; n < FEW && done; n++)
		done = count_one(v);
}

static void count_too(struct variant *v)
{
	take_turns(v, count_few);
}

static enum verdict judge_updates(struct variant *v, u64 expected, const char *beside)
{
	u64 value = expected * ONE | PTE_NONE.word[PRESENT_WORD];

	if (found.end != value) {
		lab_saw(v,
			"%u updates by CSG beside %u %s: the entry is 0x%llx, not 0x%llx, %lld too "
			"few",
			found.counted, found.turns, beside, (unsigned long long)found.end,
			(unsigned long long)value, (long long)(expected - found.end / ONE));
		return VIOLATED;
	}
	lab_counted(v, found.overlaps);
	lab_evidence(v, "%u updates by CSG, %u %s, %u of them amidst: none lost", found.counted,
		     found.turns, beside, found.overlaps);
	return HELD;
}

static enum verdict judge_ipte(struct variant *v)
{
	return judge_updates(v, found.counted, "IPTEs");
}

static enum verdict judge_csg(struct variant *v)
{
	return judge_updates(v, found.counted + (u64)found.turns * FEW, "turns of 16 more");
}

#define ROW(...)                                                                                   \
	{                                                                                          \
		.mode = MODE_PROBE, CELLS(HOLDS()), .setup = setup,                                \
		.least = {AT_LEAST_MET(LEAST, "turns amidst the other CPU's updates")},            \
		__VA_ARGS__                                                                        \
	}

SCENARIO(ipte_interlock) =
	ROW(.name = "hw/ipte-interlock",
	    .rule = "IPTE updates the entry interlocked with COMPARE AND SWAP of other CPUs",
	    .reference = "Principles of Operation, chapter 10, IPTE; chapter 5, interlocked update",
	    .finding = "F-032", .judge = judge_ipte,
	    .roles = {{"counter", count}, {"writer", invalidate}});
SCENARIO(csg) =
	ROW(.name = "hw/csg",
	    .rule = "COMPARE AND SWAP of an entry is one access, so no CPU's update is lost",
	    .reference = "Principles of Operation, chapter 7, COMPARE AND SWAP", .judge = judge_csg,
	    .roles = {{"counter", count}, {"counts too", count_too}});
