/* SPDX-License-Identifier: MIT */
/* The graph of states, with paths, counts of paths, and states from which no end is reached. */
#include "tools/interleave/graph.h"

#include <stdlib.h>
#include <string.h>

#include "tools/interleave/grown.h"

#define NOT_AN_END 0xff

/* The data of each state, by number. */
static struct {
	struct origin *origin;
	u32 *first; /* its first edge in `edge`, where states are in order */
	u8 *class;  /* of an end, else NOT_AN_END */
	u32 capacity;
	u32 *edge; /* the state behind the edge */
	u64 nr_edges, edge_capacity;
} graph;

static void room_for_state(u32 state)
{
	if (state < graph.capacity)
		return;
	graph.capacity = graph.capacity ? 2 * graph.capacity : 4096;
	graph.origin = grown(graph.origin, graph.capacity * sizeof(*graph.origin));
	graph.first = grown(graph.first, (graph.capacity + 1) * sizeof(*graph.first));
	graph.class = grown(graph.class, graph.capacity);
}

void graph_add_edge(u32 to)
{
	if (graph.nr_edges == graph.edge_capacity) {
		graph.edge_capacity = graph.edge_capacity ? 2 * graph.edge_capacity : 16384;
		graph.edge = grown(graph.edge, graph.edge_capacity * sizeof(*graph.edge));
	}
	graph.edge[graph.nr_edges++] = to;
}

void graph_reset(void)
{
	graph.nr_edges = 0;
}

void graph_add_state(u32 state, struct origin origin)
{
	room_for_state(state);
	graph.origin[state] = origin;
	graph.class[state] = NOT_AN_END;
}

void graph_expand(u32 state)
{
	graph.first[state] = (u32)graph.nr_edges;
}

void graph_end(u32 state, u8 class)
{
	graph.class[state] = class;
}

u64 graph_edges(void)
{
	return graph.nr_edges;
}

size_t graph_bytes(const struct result *result)
{
	return graph.nr_edges * sizeof(u32) +
	       result->states * (sizeof(struct origin) + sizeof(u32) + 1ul);
}

/* Gives the steps from the beginning to the state, and one more if `last` is set. */
void graph_path(struct result *result, u32 state, const struct transition *last)
{
	unsigned n = last ? 1 : 0, at;

	for (u32 s = state; graph.origin[s].state != NOWHERE; s = graph.origin[s].state)
		n++;
	result->path = grown(NULL, (n + 1) * sizeof(*result->path));
	result->nr_path = at = n;
	if (last)
		result->path[--at] = *last;
	for (u32 s = state; graph.origin[s].state != NOWHERE; s = graph.origin[s].state)
		result->path[--at] = graph.origin[s].step;
}

/* Counts interleavings as paths through the graph, in topological order. */
void graph_count_ways(struct result *result)
{
	u32 n = result->states, *indegree = calloc(n, sizeof(u32)), *queue = grown(NULL, n * 4ul);
	double *ways = calloc(n, sizeof(double));
	u32 head = 0, tail = 0;

	for (u64 i = 0; i < graph.nr_edges; i++)
		indegree[graph.edge[i]]++;
	ways[0] = 1;
	if (!indegree[0])
		queue[tail++] = 0;
	while (head < tail) {
		u32 s = queue[head++];

		if (graph.class[s] != NOT_AN_END) {
			result->interleavings += ways[s];
			result->class[graph.class[s]] += ways[s];
		}
		for (u32 i = graph.first[s]; i < graph.first[s + 1]; i++) {
			ways[graph.edge[i]] += ways[s];
			if (!--indegree[graph.edge[i]])
				queue[tail++] = graph.edge[i];
		}
	}
	if (tail < n)
		result->interleavings = -1;
	free(indegree);
	free(queue);
	free(ways);
}

/* Marks backwards from the ends, over reversed edges, every state with a way to an end. Returns the
 * first unmarked state, or NOWHERE if all are marked. */
u32 graph_without_end(struct result *result)
{
	u32 n = result->states, *start = calloc(n + 1ul, sizeof(u32)), *at, *queue, found = NOWHERE;
	u32 *back = grown(NULL, (graph.nr_edges + 1) * sizeof(u32)), head = 0, tail = 0;
	u8 *good = calloc(n, 1);

	for (u64 i = 0; i < graph.nr_edges; i++)
		start[graph.edge[i] + 1]++;
	for (u32 s = 0; s < n; s++)
		start[s + 1] += start[s];
	at = grown(NULL, (n + 1ul) * sizeof(u32));
	memcpy(at, start, (n + 1ul) * sizeof(u32));
	for (u32 s = 0; s < n; s++)
		for (u32 i = graph.first[s]; i < graph.first[s + 1]; i++)
			back[at[graph.edge[i]]++] = s;
	queue = at; /* it is not needed as edges any more */
	for (u32 s = 0; s < n; s++)
		if (graph.class[s] != NOT_AN_END) {
			good[s] = 1;
			queue[tail++] = s;
		}
	while (head < tail) {
		u32 s = queue[head++];

		for (u32 i = start[s]; i < start[s + 1]; i++)
			if (!good[back[i]]) {
				good[back[i]] = 1;
				queue[tail++] = back[i];
			}
	}
	for (u32 s = 0; s < n && found == NOWHERE; s++)
		found = good[s] ? NOWHERE : s;
	free(start);
	free(at);
	free(back);
	free(good);
	return found;
}
