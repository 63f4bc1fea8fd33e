/* SPDX-License-Identifier: MIT */
/* The graph of states. An edge is the step that first led to a state. */
#pragma once

#include "tools/interleave/exploration.h"

#define NOWHERE (~0u)

struct origin {
	u32 state; /* NOWHERE for the beginning */
	struct transition step;
};

void graph_reset(void);
void graph_add_state(u32 state, struct origin origin);
/* The next edges begin at this state. Call for the states in order. */
void graph_expand(u32 state);
void graph_add_edge(u32 to);
/* Marks the state as an end of this class. */
void graph_end(u32 state, u8 class);

/* Gives the steps from the beginning to the state, and one more if `last` is set. */
void graph_path(struct result *result, u32 state, const struct transition *last);
/* Counts interleavings as paths through the graph. */
void graph_count_ways(struct result *result);
/* Returns the first state found without a way to an end, or NOWHERE if all have one. */
u32 graph_without_end(struct result *result);

u64 graph_edges(void);
size_t graph_bytes(const struct result *result);
