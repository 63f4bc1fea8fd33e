/* SPDX-License-Identifier: MIT */
/* Tests each way to break a rule in an exploration, and the tolerated ones, in
 * tools/interleave/search.c and expand.c. */
#include <asm/irq.h>

#include "kernel/wait/wait.h"
#include "tests/self/unit/engine/parts.h"

static const char *never_two(enum breach *breach)
{
	(void)breach;
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

/* The last thing that it does. */
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

/* Back and forth for ever, and out of it only while the other has not stored. */
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

int main(void)
{
	test_judges();
	test_interrupts();
	test_stops();
	free(result.path);
	return tap_done();
}
