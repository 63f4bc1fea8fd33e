/* SPDX-License-Identifier: MIT */
/*
 * LL links a word, and SC stores to it if nothing came between. The row knows the events in
 * between. The other CPU did nothing, stored another value, or stored the same value, or this CPU
 * took an exception. There is no PAUSE and no atomic in between, because they use the link
 * themselves.
 */
#include <asm/clock.h>

#include "tests/hw/slot.h"

#define TRIES_MOST  3000u
#define TRIES_LEAST 2u /* of each kind */
/* If the two CPUs share one of a host, each try takes its time slice. */
#define NS_MOST 100000000ull

enum between {
	NOTHING,
	OTHER_VALUE,
	SAME_VALUE,
	EXCEPTION,
	NR_BETWEEN
};

enum {
	LINKER,
	OTHER,
};

/* Far from each other, because a store nearby may break the link. */
static struct {
	u32 word __aligned(64);	 /* shared, and linked */
	u32 asked __aligned(64); /* shared, the try of the linker */
	u32 done __aligned(64);	 /* shared, the try of the other CPU */
	bool over __aligned(64); /* shared */
	u32 tried[NR_BETWEEN], stored[NR_BETWEEN];
} found;

static u32 load_linked(u32 *p)
{
	u32 value;

	__asm__ __volatile__("ll %0,%1" : "=r"(value) : "ZC"(*p) : "memory");
	return value;
}

static bool store_conditional(u32 *p, u32 value)
{
	__asm__ __volatile__("sc %0,%1" : "+r"(value), "+ZC"(*p)::"memory");
	return value;
}

static bool setup(struct variant *v)
{
	found = (typeof(found)){.word = 0};
	return slot_one_frame(v);
}

static enum between kind_of(u32 n)
{
	return n % NR_BETWEEN;
}

static void wait_for_other(struct lab_patience *patience, u32 n)
{
	WRITE_ONCE(found.asked, n);
	while (READ_ONCE(found.done) != n && lab_go_on(patience, &found.over, &found.done))
		;
}

static void link(struct variant *v)
{
	struct lab_patience patience = {0};
	u64 end = clock_ns() + NS_MOST;

	for (u32 n = 1; n <= TRIES_MOST && (n <= TRIES_LEAST * NR_BETWEEN || clock_ns() < end);
	     n++) {
		enum between kind = kind_of(n);
		u32 value, tag;

		if (kind == EXCEPTION)
			tlb_flush_page(v->va);
		value = load_linked(&found.word);
		if (kind == EXCEPTION)
			lab_load_tag(v->va, &tag); /* the TLB misses */
		else
			wait_for_other(&patience, n);
		found.stored[kind] += store_conditional(&found.word, value + 2);
		found.tried[kind]++;
	}
	WRITE_ONCE(found.over, true);
}

static void answer(struct variant *v)
{
	struct lab_patience patience = {0};
	u32 n = 0;

	(void)v;
	while (lab_go_on(&patience, &found.over, &found.asked)) {
		if (READ_ONCE(found.asked) == n)
			continue;
		n = READ_ONCE(found.asked);
		if (kind_of(n) != NOTHING)
			WRITE_ONCE(found.word, READ_ONCE(found.word) + (kind_of(n) == OTHER_VALUE));
		WRITE_ONCE(found.done, n);
	}
}

static enum verdict judge(struct variant *v)
{
	if (found.stored[OTHER_VALUE] || found.stored[EXCEPTION]) {
		lab_saw(v,
			"SC stored in %u of %u tries after another CPU's store of another value, "
			"in %u of %u after an exception",
			found.stored[OTHER_VALUE], found.tried[OTHER_VALUE],
			found.stored[EXCEPTION], found.tried[EXCEPTION]);
		return VIOLATED;
	}
	lab_counted(v, found.stored[NOTHING]);
	lab_counted(v, found.tried[OTHER_VALUE]);
	lab_counted(v, found.tried[EXCEPTION]);
	lab_evidence(v,
		     "SC stored in %u of %u tries without a store between; in none of %u after "
		     "another CPU's, none of %u after an exception",
		     found.stored[NOTHING], found.tried[NOTHING], found.tried[OTHER_VALUE],
		     found.tried[EXCEPTION]);
	return HELD;
}

static enum verdict judge_same(struct variant *v)
{
	if (found.stored[SAME_VALUE]) {
		lab_saw(v,
			"SC stored in %u of %u tries after another CPU had stored the value that "
			"was there",
			found.stored[SAME_VALUE], found.tried[SAME_VALUE]);
		return VIOLATED;
	}
	lab_counted(v, found.stored[NOTHING]);
	lab_counted(v, found.tried[SAME_VALUE]);
	lab_evidence(v, "SC stored in none of %u tries", found.tried[SAME_VALUE]);
	return HELD;
}

#define STORED AT_LEAST_MET(1, "SC that stored, as nothing was stored between")
#define ROW(...)                                                                                   \
	{                                                                                          \
		.mode = MODE_PROBE, .roles = {{"linker", link}, {"other", answer}},                \
		CELLS(HOLDS()), .setup = setup, __VA_ARGS__                                        \
	}

SCENARIO(ll_sc) = ROW(.name = "hw/ll-sc",
		      .rule = "SC stores nothing after another CPU's store or after an exception",
		      .reference = "MIPS32 volume II, LL, SC, ERET", .judge = judge,
		      .least = {STORED, AT_LEAST(TRIES_LEAST, "tries with another CPU's store"),
				AT_LEAST(TRIES_LEAST, "tries with an exception")});
SCENARIO(ll_sc_same) =
	ROW(.name = "hw/ll-sc-same",
	    .rule = "SC stores nothing after another CPU's store, even after a store of the "
		    "same value",
	    .reference = "MIPS32 volume II, SC: a coherent store by another processor",
	    .finding = "F-026", .judge = judge_same,
	    .least = {STORED, AT_LEAST(TRIES_LEAST, "tries with another CPU's store")});
