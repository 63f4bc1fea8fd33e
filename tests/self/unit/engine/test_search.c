/* SPDX-License-Identifier: MIT */
/* Tests which states tools/interleave/search.c and expand.c visit, in how many rounds, and where
 * they are cut off. */
#include "tests/self/unit/engine/parts.h"

static void own_words(void)
{
	WRITE_ONCE(CELL(cpu_id()), 1);
	WRITE_ONCE(CELL(cpu_id()), 2);
}

static void test_visits(void)
{
	struct exploration what = exploration_of(MEMORY_SC, own_words, own_words, NULL);

	explored(&what);
	CHECK(came_to(1, 0, 1) && result.ending == END_HOLDS && result.rounds == 1,
	      "what nobody shares is no step");
	what.whole = true;
	explored(&what);
	CHECK(came_to(9, 12, 6), "where every access is one: four of two CPUs in 6 orders");
	what = exploration_of(MEMORY_SC, own_words, own_words, own_words);
	what.whole = true;
	explored(&what);
	CHECK(came_to(27, 54, 90), "six of three CPUs in 90");
	what = exploration_of(MEMORY_SC, store_then_load, store_then_load, NULL);
	explored(&what);
	CHECK(result.interleavings == 6, "a store and a load each: 6 orders");
	CHECK(ends_were(0, 1, 1, 1) && ways_were(0, 1, 1, 4),
	      "one, the other, or both see the store");
	CHECK(result.model == MEMORY_SC && result.ending == END_HOLDS && !result.other[0] &&
		      !result.what[0],
	      "and nothing breaks");
	what = exploration_of(MEMORY_TSO, store_then_load, store_then_load, NULL);
	explored(&what);
	CHECK(ends_were(1, 1, 1, 1), "with store buffers also neither");
	what = exploration_of(MEMORY_SC, store_twice, look_twice, NULL);
	explored(&what);
	CHECK(ends_were(1, 1, 1, 1) && ways_were(2, 1, 2, 1),
	      "two looks at a word that changes twice");
	CHECK(result.bytes > 0 && result.seconds >= 0, "with what it took");
}

static void test_rounds(void)
{
	struct exploration what = exploration_of(MEMORY_SC, store_then_load, store_then_load, NULL);

	explored(&what);
	CHECK(result.rounds == 1, "random runs have shown what is shared");
	what.blind = true;
	explored(&what);
	CHECK(result.rounds == 2 && ends_were(0, 1, 1, 1) && result.interleavings == 6,
	      "without them the first search shows it, and the second is whole");
}

static void test_bound(void)
{
	struct exploration what = exploration_of(MEMORY_SC, own_words, own_words, NULL);

	what.whole = true;
	what.max_states = 9;
	explored(&what);
	CHECK(result.ending == END_HOLDS && result.states == 9, "nine states, nine allowed");
	what.max_states = 8;
	explored(&what);
	CHECK(result.ending == END_CUT_OFF && result.interleavings == 0,
	      "one too many cuts it off");
}

static unsigned looks;

static void look_often(void)
{
	for (unsigned i = 0; i < looks; i++)
		READ_ONCE(CELL(5));
}

static void test_quiet(void)
{
	struct exploration what = exploration_of(MEMORY_SC, look_often, NULL, NULL);

	what.blind = true;
	looks = 100000;
	explored(&what);
	CHECK(came_to(1, 0, 1) && result.ending == END_HOLDS, "so many operations may be no steps");
	looks++;
	explored(&what);
	CHECK(result.ending == END_VIOLATED && result.breach == BREACH_STOP, "one more is a spin");
}

static u32 told;
static unsigned times;

static void progress(u32 states)
{
	told = states;
	times++;
}

/* 64 states of one CPU. */
static void store_63_times(void)
{
	for (unsigned i = 0; i < 63; i++)
		WRITE_ONCE(CELL(cpu_id()), 1 + i);
}

static void test_progress(void)
{
	struct exploration what =
		exploration_of(MEMORY_SC, store_63_times, store_63_times, store_63_times);

	what.blind = what.whole = true;
	what.max_states = 1 << 20;
	what.progress = progress;
	explored(&what);
	CHECK(result.states == 1 << 18 && result.transitions == 3 * 63 * 64 * 64,
	      "64 to the third states");
	CHECK(times == 1 && told == 1 << 18, "of which the last one makes a report");
}

int main(void)
{
	test_visits();
	test_rounds();
	test_bound();
	test_quiet();
	test_progress();
	free(result.path);
	return tap_done();
}
