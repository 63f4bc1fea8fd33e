/* SPDX-License-Identifier: MIT */
/*
 * Blocks, the work of a CPU from one race point to the next, and the edges that put one before
 * another.
 */
#pragma once

#include "tools/interleave/item.h"

#define NO_BLOCK (~0u)

struct block {
	u8 cpu;
	unsigned first; /* an item */
	unsigned end;	/* the item of the point at its end, or nr if the CPU has ended */
};

/* The reason why one block comes before another. The first of these two items must be first. */
struct edge {
	unsigned before, after;
	bool is;
};

/* Cuts the items into blocks, without edges yet. A handler belongs to the block it interrupts. */
void blocks_cut(const struct item *items, unsigned nr);
/* Returns NO_BLOCK if the CPU had passed its last point. */
unsigned block_of(unsigned item);
/*
 * Adds an edge. Does nothing if the blocks are the same, if they are one CPU's in this order, or if
 * one is NO_BLOCK.
 */
void blocks_edge(unsigned from, unsigned to, unsigned before, unsigned after);

/* Puts the blocks into an order allowed by the edges, with few changes of CPU. Calls `leave` with
 * *left for each block after which the CPU is left. Returns false if some blocks remain. */
bool blocks_order(void (*leave)(void *to, const struct block *left), void *to);
/* Call after that. Finds a block with others in its middle, and gives the edge to the first of them
 * and the edge from the last. Returns false if there is none. */
bool blocks_torn(struct edge *out, struct edge *in);
