/* SPDX-License-Identifier: MIT */
/* Blocks: what a CPU does from one race point to the next, and which has to come before which. */
#pragma once

#include "tools/interleave/item.h"

#define NO_BLOCK (~0u)

struct block {
	u8 cpu;
	unsigned first; /* item */
	unsigned end;	/* the point that it ends at, an item; nr: where the CPU is over */
};

/* Why one block comes before another: two items, of which the first must take place first. */
struct edge {
	unsigned before, after;
	bool is;
};

/* No edges yet. What interrupts' handlers do is in the block that they interrupt. */
void blocks_cut(const struct item *items, unsigned nr);
/* NO_BLOCK: the CPU had passed its last point. */
unsigned block_of(unsigned item);
/* Nothing, if the blocks are the same, if they are one CPU's in that order, or if one is none. */
void blocks_edge(unsigned from, unsigned to, unsigned before, unsigned after);

/* Blocks in an order that the edges allow, with as few changes of CPU as come by themselves: a
 * block whose CPU is then left, *left, goes to `leave`. False: some are left over. */
bool blocks_order(void (*leave)(void *to, const struct block *left), void *to);
/* After that: a block that others have to come into the middle of, by the two edges to the first
 * of them and from the last. False: there is none. */
bool blocks_torn(struct edge *out, struct edge *in);
