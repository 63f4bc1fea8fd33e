/* SPDX-License-Identifier: MIT */
/* Blocks, the edges between them, and an order of them. */
#include "tools/interleave/blocks.h"

#include <string.h>

#include "kernel/printk.h"

#define MAX_BLOCKS 320u

static const struct item *items;
static unsigned nr_items;
static struct block block[MAX_BLOCKS];
static unsigned nr_blocks;
static struct edge edge[MAX_BLOCKS][MAX_BLOCKS];
static bool done[MAX_BLOCKS];

static void add_block(u8 cpu, unsigned first, unsigned end)
{
	assert(nr_blocks < MAX_BLOCKS);
	block[nr_blocks++] = (struct block){cpu, first, end};
}

static void cut(u8 cpu)
{
	unsigned first = 0;
	bool used = false;

	for (unsigned i = 0; i < nr_items; i++) {
		if (items[i].cpu != cpu)
			continue;
		used |= !items[i].level; /* a handler alone belongs to no block */
		if (items[i].kind != ITEM_POINT || items[i].level)
			continue;
		add_block(cpu, first, i);
		first = i + 1;
		used = false;
	}
	if (used)
		add_block(cpu, first, nr_items);
}

void blocks_cut(const struct item *all, unsigned nr)
{
	items = all;
	nr_items = nr;
	nr_blocks = 0;
	memset(edge, 0, sizeof(edge));
	for (unsigned cpu = 0; cpu < MODEL_CPUS; cpu++)
		cut((u8)cpu);
}

unsigned block_of(unsigned item)
{
	for (unsigned b = 0; b < nr_blocks; b++)
		if (block[b].cpu == items[item].cpu && block[b].first <= item &&
		    item <= block[b].end)
			return b;
	return NO_BLOCK;
}

void blocks_edge(unsigned from, unsigned to, unsigned before, unsigned after)
{
	if (from == to || from == NO_BLOCK || to == NO_BLOCK || edge[from][to].is)
		return;
	if (block[from].cpu != block[to].cpu || from > to)
		edge[from][to] = (struct edge){before, after, true};
}

/* --- an order --------------------------------------------------------------------------------- */

static bool comes_before(unsigned a, unsigned b)
{
	return edge[a][b].is || (block[a].cpu == block[b].cpu && a < b);
}

static bool is_ready(unsigned b)
{
	for (unsigned a = 0; a < nr_blocks; a++)
		if (!done[a] && comes_before(a, b))
			return false;
	return !done[b];
}

/* Returns the next block, of the same CPU if it can go on, else of the first one. */
static unsigned next_block(unsigned last)
{
	unsigned best = NO_BLOCK;

	for (unsigned b = 0; b < nr_blocks; b++) {
		if (!is_ready(b))
			continue;
		if (last != NO_BLOCK && block[b].cpu == block[last].cpu)
			return b;
		if (best == NO_BLOCK || block[b].first < block[best].first)
			best = b;
	}
	return best;
}

bool blocks_order(void (*leave)(void *to, const struct block *left), void *to)
{
	unsigned last = NO_BLOCK, next, n = 0;

	memset(done, 0, sizeof(done));
	while ((next = next_block(last)) != NO_BLOCK) {
		if (last != NO_BLOCK && block[next].cpu != block[last].cpu)
			leave(to, &block[last]);
		done[next] = true;
		last = next;
		n++;
	}
	return n == nr_blocks;
}

/* --- why there is none ------------------------------------------------------------------------ */

/* Finds a shortest circle through a block, among the blocks left over. Returns its length, with the
 * first and the last block on it, or NO_BLOCK if there is none. */
static unsigned find_circle(unsigned from, unsigned *first, unsigned *last)
{
	unsigned queue[MAX_BLOCKS + 1], parent[MAX_BLOCKS], head = 0, tail = 0, length = 1;

	memset(parent, 0xff, sizeof(parent));
	for (queue[tail++] = from; head < tail; head++) {
		unsigned a = queue[head];

		for (unsigned b = 0; b < nr_blocks; b++) {
			if (done[b] || !comes_before(a, b) || parent[b] != NO_BLOCK)
				continue;
			parent[b] = a;
			queue[tail++] = b;
		}
	}
	*last = *first = parent[from];
	if (*last == NO_BLOCK)
		return NO_BLOCK;
	for (; parent[*first] != from; length++)
		*first = parent[*first];
	return length;
}

/* Must the block begin before the others come, and end after? */
static bool is_torn(unsigned b, const struct edge *out, const struct edge *in)
{
	return out->is && in->is && out->before < in->after &&
	       items[out->before].cpu == block[b].cpu && items[in->after].cpu == block[b].cpu;
}

bool blocks_torn(struct edge *out, struct edge *in)
{
	unsigned shortest = NO_BLOCK;

	for (unsigned b = 0; b < nr_blocks; b++) {
		unsigned first, last, length = done[b] ? NO_BLOCK : find_circle(b, &first, &last);

		if (length >= shortest || !is_torn(b, &edge[b][first], &edge[last][b]))
			continue;
		shortest = length;
		*out = edge[b][first];
		*in = edge[last][b];
	}
	return shortest != NO_BLOCK;
}
