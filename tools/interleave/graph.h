/* SPDX-License-Identifier: MIT */
/* The states as a graph: which step led where first, and what that says as a whole. */
#pragma once

#include "tools/interleave/exploration.h"

#define NOWHERE (~0u)

struct origin {
	u32 state; /* NOWHERE: the beginning */
	struct transition step;
};

void graph_reset(void);
void graph_add_state(u32 state, struct origin origin);
/* The edges that are added from now on begin at this state; states in order. */
void graph_expand(u32 state);
void graph_add_edge(u32 to);
/* An end, and what it counts as. */
void graph_end(u32 state, u8 class);

/* The steps from the beginning to the state, and one more if there is one. */
void graph_path(struct result *result, u32 state, const struct transition *last);
/* Interleavings: the number of ways through the graph. */
void graph_count_ways(struct result *result);
/* The first state found from which there is no way to an end; NOWHERE: all is well. */
u32 graph_without_end(struct result *result);

u64 graph_edges(void);
size_t graph_bytes(const struct result *result);
