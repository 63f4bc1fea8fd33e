/* SPDX-License-Identifier: MIT */
/*
 * Tests tools/interleave/search.c, expand.c and follow.c for the exact results of explorations, and
 * for each way to end.
 */
#include <asm/irq.h>

#include "kernel/printk.h"
#include "kernel/wait/wait.h"
#include "tests/self/unit/engine/explored.h"

/* --- everything is visited ------------------------------------------------------------------- */

static void own_words(void)
{
	WRITE_ONCE(CELL(cpu_id()), 1);
	WRITE_ONCE(CELL(cpu_id()), 2);
}

/* Each stores its word and loads the other's. */
static void store_then_load(void)
{
	unsigned me = cpu_id();

	WRITE_ONCE(CELL(me), 1);
	found[me] = READ_ONCE(CELL(1 - me));
}

static void store_twice(void)
{
	WRITE_ONCE(CELL(0), 1);
	WRITE_ONCE(CELL(0), 2);
}

static void look_twice(void)
{
	found[0] = READ_ONCE(CELL(0)) == 1;
	found[1] = READ_ONCE(CELL(0)) == 2;
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

/*
 * --- news while exploring ----------------------------------------------------------------------
 */

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

/* --- the bound ---------------------------------------------------------------------------------- */

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

/* --- breaches ----------------------------------------------------------------------------------- */

static const char *no_both(unsigned *class)
{
	*class = found[0] && found[1];
	return *class ? "both saw it" : NULL;
}

static const char *no_both_at_a_glance(void)
{
	return found[0] && found[1] ? "both, at a glance" : NULL;
}

static const char *never_two(void)
{
	return word[0][0] == 2 ? "the word is 2" : NULL;
}

static void test_judges(void)
{
	struct exploration what = exploration_of(MEMORY_SC, store_then_load, store_then_load, NULL);

	what.judge = no_both;
	explored(&what);
	CHECK(broke(BREACH_JUDGE, 4, "both saw it"), "a judge's word, and the four steps to it");
	what.breach[1] = BREACH_COMPLAINT;
	explored(&what);
	CHECK(broke(BREACH_COMPLAINT, 4, "both saw it"), "as what an end of this class counts");
	what.tolerated = BIT(BREACH_COMPLAINT);
	explored(&what);
	CHECK(result.ending == END_HOLDS && !strcmp(result.other, "both saw it") &&
		      !result.what[0] && result.interleavings == 6,
	      "if that is tolerated it is on record, and everything is visited");
	what = exploration_of(MEMORY_SC, store_twice, look_twice, NULL);
	what.invariant = never_two;
	explored(&what);
	CHECK(broke(BREACH_TLB, 2, "the word is 2"), "what is wrong in a state, by two steps");
	what.tolerated = BIT(BREACH_TLB);
	explored(&what);
	CHECK(result.ending == END_HOLDS && !strcmp(result.other, "the word is 2"), "or tolerated");
}

static void woken(void)
{
	WRITE_ONCE(CELL(2), READ_ONCE(CELL(2)) + 1);
}

static void setup_woken(const void *context)
{
	explored_setup(context);
	model_wake_hook = woken;
}

/* This is its last step. */
static void wake_other(void)
{
	WRITE_ONCE(CELL(0), 1);
	ipi_send(1, IPI_WAKE);
}

static const char *not_asleep(void)
{
	return word[2][0] ? NULL : "nobody was woken";
}

static const char *was_woken(unsigned *class)
{
	*class = word[2][0];
	return word[2][0] == 1 ? NULL : "not once";
}

static void look_at_word(void)
{
	READ_ONCE(CELL(0));
}

static void test_interrupts(void)
{
	struct exploration what = exploration_of(MEMORY_SC, wake_other, look_at_word, NULL);

	what.setup = setup_woken;
	what.judge = was_woken;
	explored(&what);
	/* store, send and load in 3 orders; the interrupt anywhere behind the sending: 1 + 1 + 2 */
	CHECK(result.ending == END_HOLDS && result.interleavings == 4 && ways_were(0, 4, 0, 0),
	      "an interrupt comes some time after it was sent, once");
	what.glance = not_asleep;
	explored(&what);
	CHECK(broke(BREACH_JUDGE, 3, "nobody was woken"),
	      "a glance looks at ends at which interrupts are still on their way");
	what.tolerated = BIT(BREACH_JUDGE);
	explored(&what);
	CHECK(result.ending == END_HOLDS && result.interleavings == 4 &&
		      !strcmp(result.other, "nobody was woken"),
	      "which go on if that is tolerated");
	what = exploration_of(MEMORY_TSO, wake_other, look_at_word, NULL);
	what.setup = setup_woken;
	what.judge = was_woken;
	what.glance = not_asleep;
	explored(&what);
	CHECK(broke(BREACH_JUDGE, 4, "nobody was woken"),
	      "and at none from which a store is on its way");
}

static void wait_for_both(void)
{
	wait_until(READ_ONCE(CELL(0)) == 3, WAIT_ACK, 0);
}

static void wait_with_interrupts_off(void)
{
	irq_disable();
	wait_until(READ_ONCE(CELL(0)) == 4, WAIT_LOCK, 0);
}

static void stop_at_two(void)
{
	if (READ_ONCE(CELL(0)) == 2)
		panic("it is %u", 2);
}

static void follow_null(void)
{
	u32 *volatile pointer = (u32 *)8;

	WRITE_ONCE(*pointer, 1);
}

static void last_null(void)
{
	u32 *volatile pointer = (u32 *)(PAGE_SIZE - 4);

	READ_ONCE(*pointer);
}

static void spin(void)
{
	while (!READ_ONCE(CELL(5)))
		;
}

/* Goes back and forth for ever, and gets out only while the other has not stored. */
static void back_and_forth(void)
{
	do {
		WRITE_ONCE(CELL(1), 1);
		WRITE_ONCE(CELL(1), 0);
	} while (READ_ONCE(CELL(0)));
}

static void store_and_look(void)
{
	WRITE_ONCE(CELL(0), 1);
	READ_ONCE(CELL(1));
}

static void test_stops(void)
{
	struct exploration what = exploration_of(MEMORY_SC, store_twice, wait_for_both, NULL);

	explored(&what);
	CHECK(broke(BREACH_DEADLOCK, 5, "nobody can go on: CPU 1 waits for shootdown-ack;"),
	      "a wait for what never comes, looked at after each store");
	what = exploration_of(MEMORY_SC, wait_for_both, wait_with_interrupts_off, NULL);
	explored(&what);
	CHECK(broke(BREACH_DEADLOCK, 0,
		    "nobody can go on: CPU 0 waits for shootdown-ack; CPU 1 waits for lock, interrupts off;"),
	      "two of them");
	what = exploration_of(MEMORY_SC, store_twice, stop_at_two, NULL);
	explored(&what);
	CHECK(broke(BREACH_STOP, 3, "CPU 1 stopped: it is 2"),
	      "a CPU that stops, with the step in which it does");
	what.tolerated = BIT(BREACH_STOP);
	explored(&what);
	CHECK(result.breach == BREACH_LIVELOCK && result.other[0],
	      "tolerated, it leaves a state without a way on");
	what.tolerated |= BIT(BREACH_LIVELOCK);
	explored(&what);
	CHECK(result.ending == END_HOLDS && !strcmp(result.other, "CPU 1 stopped: it is 2") &&
		      result.interleavings == 2,
	      "or the other ways, if that is tolerated");
	what = exploration_of(MEMORY_SC, follow_null, NULL, NULL);
	explored(&what);
	CHECK(broke(BREACH_STOP, 0, "CPU 0 stopped: access through a null pointer, at address 0x8"),
	      "before its first step");
	what = exploration_of(MEMORY_SC, last_null, NULL, NULL);
	explored(&what);
	CHECK(broke(BREACH_STOP, 0,
		    "CPU 0 stopped: access through a null pointer, at address 0x3c"),
	      "the first page is nobody's");
	what = exploration_of(MEMORY_SC, spin, NULL, NULL);
	explored(&what);
	CHECK(broke(BREACH_STOP, 0,
		    "CPU 0 stopped: it spins, and nobody else changes what it looks at"),
	      "a spin without end");
	what = exploration_of(MEMORY_SC, back_and_forth, store_and_look, NULL);
	explored(&what);
	CHECK(result.ending == END_VIOLATED && result.breach == BREACH_LIVELOCK &&
		      !strcmp(result.what,
			      "from here on there is no way to the end, whatever happens"),
	      "a loop that is never left");
	what.tolerated = BIT(BREACH_LIVELOCK);
	explored(&what);
	CHECK(result.ending == END_HOLDS && result.interleavings == -1 && result.other[0],
	      "tolerated: its ways are without end");
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

/* --- a path, taken again ------------------------------------------------------------------------ */

static const char *always(void)
{
	return "at any time";
}

static void test_path(void)
{
	struct exploration what = exploration_of(MEMORY_SC, store_then_load, store_then_load, NULL);
	struct result again;

	what.judge = no_both;
	explored(&what);
	what.glance = no_both_at_a_glance;
	memory_model = MEMORY_TSO;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_VIOLATED && again.breach == BREACH_JUDGE &&
		      !strcmp(again.what, "both, at a glance") && again.model == MEMORY_TSO,
	      "what breaks under sc breaks under tso");
	CHECK(again.nr_path == 6 && again.states == 7,
	      "with each store on its way and at memory: %u steps", again.nr_path);
	CHECK(again.path[0].kind == STEP_RUN && again.path[1].kind == STEP_COMMIT &&
		      again.path[0].cpu == again.path[1].cpu,
	      "one at once after the other");
	free(again.path);
	what.tolerated = BIT(BREACH_JUDGE);
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS && !again.what[0], "not if that is tolerated");
	free(again.path);
	what.tolerated = 0;
	result.nr_path--;
	what.glance = always;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS, "nor if a part of it is not over at its end");
	free(again.path);
	result.path[0].kind = STEP_COMMIT;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS && again.nr_path == 0,
	      "a step that cannot be taken ends it");
	free(again.path);
	what = exploration_of(MEMORY_SC, store_twice, stop_at_two, NULL);
	explored(&what);
	memory_model = MEMORY_PSO;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_VIOLATED && again.breach == BREACH_STOP &&
		      !strcmp(again.what, "CPU 1 stopped: it is 2"),
	      "a stop is one again");
	free(again.path);
	what.tolerated = BIT(BREACH_STOP);
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS, "or tolerated");
	free(again.path);
}

int main(void)
{
	test_visits();
	test_rounds();
	test_bound();
	test_judges();
	test_interrupts();
	test_stops();
	test_quiet();
	test_progress();
	test_path();
	free(result.path);
	return tap_done();
}
