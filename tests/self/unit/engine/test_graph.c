/* SPDX-License-Identifier: MIT */
/* tools/interleave/graph.c on graphs that are drawn by hand: ways to a state, ways through, and
 * states that lead nowhere. */
#include "tools/interleave/graph.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "tests/self/unit/tap.h"

#define END_OF_LIST (~0u)

static struct result result;

/* Edges of each state in turn, each list ended by END_OF_LIST. A state's origin is the first
 * that has an edge to it. */
static void draw(unsigned nr, const u32 *edges)
{
	bool known[16] = {true};

	result = (struct result){.states = nr};
	graph_reset();
	graph_add_state(0, (struct origin){.state = NOWHERE});
	for (u32 s = 0; s < nr; s++) {
		graph_expand(s);
		for (unsigned n = 0; *edges != END_OF_LIST; edges++, n++) {
			if (!known[*edges])
				graph_add_state(*edges,
						(struct origin){s, {.cpu = (u8)s, .n = (u8)n}});
			known[*edges] = true;
			graph_add_edge(*edges);
		}
		edges++;
		graph_expand(s + 1);
	}
}
#define DRAW(nr, ...) draw((nr), (const u32[]){__VA_ARGS__})
#define X	      END_OF_LIST

static void ways(void)
{
	/* 0 -> 1, 2; 1 -> 3, 3; 2 -> 3, 4; two ends of different classes */
	DRAW(5, 1, 2, X, 3, 3, X, 3, 4, X, X, X);
	graph_end(3, 0);
	graph_end(4, 2);
	graph_count_ways(&result);
	CHECK(result.interleavings == 4, "four ways: %g", result.interleavings);
	CHECK(result.class[0] == 3 && result.class[1] == 0 && result.class[2] == 1,
	      "by the ends they came to");
	CHECK(graph_without_end(&result) == NOWHERE, "each state has a way to an end");
	CHECK(graph_edges() == 6, "six edges");
	CHECK(graph_bytes(&result) == 6 * 4 + 5 * (sizeof(struct origin) + 5), "what it takes");
	DRAW(1, X);
	graph_end(0, 1);
	graph_count_ways(&result);
	CHECK(result.interleavings == 1 && result.class[1] == 1 && !graph_edges(),
	      "a beginning that is an end: one way");
	CHECK(graph_without_end(&result) == NOWHERE, "which it has reached");
	CHECK(graph_bytes(&result) == sizeof(struct origin) + 5, "one state, no edge");
}

static void loops(void)
{
	/* 0 -> 1 -> 2 -> 1, and 2 -> 3, the end */
	DRAW(4, 1, X, 2, X, 1, 3, X, X);
	graph_end(3, 0);
	CHECK(graph_without_end(&result) == NOWHERE, "a loop that can be left is no livelock");
	graph_count_ways(&result);
	CHECK(result.interleavings == -1, "but its ways are without end");
	/* the loop leads back to the beginning */
	DRAW(3, 1, X, 0, 2, X, X);
	graph_end(2, 0);
	graph_count_ways(&result);
	CHECK(result.interleavings == -1, "so are those of a loop through the beginning");
	/* 0 -> 0 */
	DRAW(2, 0, 1, X, X);
	graph_end(1, 0);
	graph_count_ways(&result);
	CHECK(result.interleavings == -1, "and those of a state that leads to itself");
}

static void lost(void)
{
	/* 0 -> 1, 2; 1 is the end; 2 -> 3 -> 4 -> 3 */
	DRAW(5, 1, 2, X, X, 3, X, 4, X, 3, X);
	graph_end(1, 0);
	CHECK(graph_without_end(&result) == 2, "the first state from which there is no way on");
	DRAW(2, 1, X, 0, X);
	CHECK(graph_without_end(&result) == 0, "no end at all: the beginning");
	/* the last state alone */
	DRAW(3, 1, 2, X, X, 2, X);
	graph_end(1, 0);
	CHECK(graph_without_end(&result) == 2, "the last of them alone");
	/* many edges to one state, and one back */
	DRAW(4, 3, 3, 3, 1, X, 3, 2, X, 3, X, X);
	graph_end(3, 0);
	CHECK(graph_without_end(&result) == NOWHERE, "each over an edge of its own to the end");
	graph_count_ways(&result);
	CHECK(result.interleavings == 5 && result.class[0] == 5,
	      "edges between the same two count each: %g", result.interleavings);
}

static bool is_step(unsigned n, unsigned cpu, unsigned which)
{
	return result.path[n].cpu == cpu && result.path[n].n == which;
}

static void paths(void)
{
	struct transition last = {.cpu = 7, .n = 9};

	DRAW(5, 1, 2, X, 3, X, 3, 4, X, X, X);
	graph_path(&result, 4, NULL);
	CHECK(result.nr_path == 2 && is_step(0, 0, 1) && is_step(1, 2, 1),
	      "the steps by which it was found");
	free(result.path);
	graph_path(&result, 3, &last);
	CHECK(result.nr_path == 3 && is_step(0, 0, 0) && is_step(1, 1, 0) && is_step(2, 7, 9),
	      "by whom it was found first, and one more step");
	free(result.path);
	graph_path(&result, 0, NULL);
	CHECK(!result.nr_path, "to the beginning: none");
	free(result.path);
	graph_path(&result, 0, &last);
	CHECK(result.nr_path == 1 && is_step(0, 7, 9), "or one alone");
	free(result.path);
}

#define LONG 20000u

/* A chain with a way out at each state, longer than what there is room for at first. */
static void growth(void)
{
	graph_reset();
	result = (struct result){.states = LONG};
	graph_add_state(0, (struct origin){.state = NOWHERE});
	for (u32 s = 0; s < LONG; s++) {
		graph_expand(s);
		if (s + 1 < LONG) {
			graph_add_state(s + 1, (struct origin){s, {.cpu = (u8)s}});
			graph_add_edge(s + 1);
			graph_add_edge(LONG - 1);
		}
		graph_expand(s + 1);
	}
	graph_end(LONG - 1, 3);
	CHECK(graph_edges() == 2 * (LONG - 1), "%u edges", 2 * (LONG - 1));
	CHECK(graph_without_end(&result) == NOWHERE, "each leads to the end");
	graph_count_ways(&result);
	CHECK(result.interleavings == LONG && result.class[3] == LONG, "a way for each");
	graph_path(&result, LONG - 1, NULL);
	CHECK(result.nr_path == LONG - 1, "the chain is what was found first");
	for (u32 s = 0; s + 1 < LONG; s++)
		if (result.path[s].cpu != (u8)s)
			result.nr_path = 0;
	CHECK(result.nr_path, "step by step");
	free(result.path);
}

static void no_leak(void)
{
	struct mallinfo2 before, after;

	DRAW(3, 1, 2, X, X, 1, X);
	graph_end(1, 0);
	before = mallinfo2();
	for (unsigned round = 0; round < 100; round++) {
		graph_count_ways(&result);
		graph_without_end(&result);
	}
	after = mallinfo2();
	CHECK(after.uordblks + after.hblkhd == before.uordblks + before.hblkhd,
	      "memory is given back");
}

int main(void)
{
	ways();
	loops();
	lost();
	paths();
	growth();
	no_leak();
	return tap_done();
}
