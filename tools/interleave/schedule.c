/* SPDX-License-Identifier: MIT */
/* Orders the blocks, and makes the places of a schedule from this order. */
#include "tools/interleave/schedule.h"

#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "tools/interleave/blocks.h"

#define MAX_INTERRUPTS 24u
#define NO_ITEM	       (~0u)

/* An interrupt, and the place where a machine takes it. */
struct interrupt {
	u8 cpu, ipi;
	unsigned send, taken; /* items; taken is nr if it was never taken */
	/* If set, it comes in block `at`, as soon as interrupts are on again. Otherwise it comes at
	 * once, and its sender knows after block `at` that the handler has ended. NO_BLOCK if no
	 * CPU knows. */
	bool held_off;
	unsigned at;
};

static const struct item *items;
static unsigned nr_items;
static struct interrupt interrupt[MAX_INTERRUPTS];
static unsigned nr_interrupts;
static struct schedule schedule;

static void obstruct(enum obstacle obstacle, unsigned i, unsigned j)
{
	if (schedule.obstacle)
		return;
	schedule.obstacle = obstacle;
	schedule.step[0] = items[i].step;
	schedule.step[1] = items[j].step;
}

/* --- interrupts ------------------------------------------------------------------------------- */

/* Does the CPU do this outside a handler? */
static bool does(unsigned i, u8 cpu, enum op_kind op)
{
	return items[i].kind == ITEM_STEP && items[i].op == op && items[i].cpu == cpu &&
	       !items[i].level;
}

/* Returns the item after which the interrupt is off, or NO_ITEM if it is on. */
static unsigned when_off(const struct interrupt *it)
{
	unsigned off = NO_ITEM;

	if (it->ipi == IPI_SHOOTDOWN_NOWAIT)
		return NO_ITEM;
	for (unsigned i = 0; items[it->send].irqs_off && i < it->send; i++)
		if (does(i, it->cpu, OP_IRQ_OFF))
			off = i;
	for (unsigned i = it->send; off == NO_ITEM && it->taken < nr_items && i < it->taken; i++)
		if (does(i, it->cpu, OP_IRQ_OFF))
			off = i;
	return off;
}

/* Returns the block after item `i` with interrupts on again. */
static unsigned when_on_again(const struct interrupt *it, unsigned i)
{
	unsigned last = NO_BLOCK;

	for (i++; i < nr_items; i++) {
		if (items[i].cpu != it->cpu)
			continue;
		last = block_of(i);
		if (i >= it->taken || (!items[i].level && !items[i].irqs_off))
			break;
	}
	return last;
}

/* Interrupts are on when it is sent, so they have to be on in a machine, too. */
static void add_switched_on(const struct interrupt *it)
{
	unsigned off = NO_ITEM, on = NO_ITEM;

	for (unsigned i = 0; i < it->send; i++) {
		if (items[i].cpu != it->cpu || items[i].level)
			continue;
		if (items[i].irqs_off || items[i].op == OP_IRQ_OFF)
			off = i, on = NO_ITEM;
		else if (off != NO_ITEM && on == NO_ITEM)
			on = i;
	}
	if (off == NO_ITEM)
		return;
	if (items[off].kind != ITEM_POINT)
		on = off;
	if (on != NO_ITEM)
		blocks_edge(block_of(on), block_of(it->send), off, it->send);
}

/* Returns the block after which the sender knows the end of the handler. */
static unsigned when_known(const struct interrupt *it, bool awaited)
{
	u8 sender = items[it->send].cpu;

	if (it->ipi == IPI_WAKE || (it->ipi != IPI_CALL && !awaited))
		return NO_BLOCK;
	for (unsigned i = it->send; i < nr_items; i++)
		if (items[i].cpu == sender && !items[i].level && items[i].kind == ITEM_POINT &&
		    (it->ipi == IPI_CALL || items[i].point == RACE_shootdown_done))
			return block_of(i);
	return NO_BLOCK;
}

/* If several are sent before it is taken, the first one counts. */
static bool is_pending(u8 cpu, u8 ipi, unsigned at)
{
	for (unsigned n = 0; n < nr_interrupts; n++)
		if (interrupt[n].cpu == cpu && interrupt[n].ipi == ipi && interrupt[n].taken > at)
			return true;
	return false;
}

static void add_interrupt(u8 cpu, u8 ipi, unsigned send, bool awaited)
{
	struct interrupt *it = &interrupt[nr_interrupts++];
	unsigned off;

	assert(nr_interrupts <= MAX_INTERRUPTS);
	*it = (struct interrupt){.cpu = cpu, .ipi = ipi, .send = send, .taken = send + 1};
	while (it->taken < nr_items &&
	       !(items[it->taken].kind == ITEM_INTERRUPT && items[it->taken].cpu == cpu &&
		 items[it->taken].ipi == ipi))
		it->taken++;
	if (it->taken < nr_items && items[it->taken].level > 1)
		obstruct(NESTED, it->taken, it->taken);
	off = when_off(it);
	it->held_off = off != NO_ITEM;
	if (it->held_off) {
		it->at = when_on_again(it, off > send ? off : send);
		blocks_edge(block_of(off), block_of(send), off, send);
		blocks_edge(block_of(send), it->at, send, it->taken < nr_items ? it->taken : off);
	} else {
		it->at = when_known(it, awaited);
		if (ipi != IPI_SHOOTDOWN_NOWAIT && it->taken < nr_items)
			add_switched_on(it);
	}
}

/* Returns the interrupt with this item in its handler, or NULL. */
static const struct interrupt *handler_of(unsigned i)
{
	const struct interrupt *found = NULL;

	for (unsigned n = 0; items[i].level && n < nr_interrupts; n++)
		if (interrupt[n].cpu == items[i].cpu && interrupt[n].taken <= i &&
		    (!found || interrupt[n].taken > found->taken))
			found = &interrupt[n];
	return found;
}

/* --- where order matters ---------------------------------------------------------------------- */

static bool overlap(const struct accessed *a, const struct accessed *b)
{
	return a->address < b->address + b->size && b->address < a->address + a->size;
}

static bool accesses_conflict(const struct item *a, const struct item *b)
{
	for (unsigned i = 0; i < a->nr_accesses; i++)
		for (unsigned j = 0; j < b->nr_accesses; j++)
			if ((a->access[i].write || b->access[j].write) &&
			    overlap(&a->access[i], &b->access[j]))
				return true;
	return false;
}

/* A handler's flush matters to its own CPU, and so does the handler's chance to come at all. */
static bool minds(const struct item *item, const struct item *taken)
{
	return taken->kind == ITEM_INTERRUPT && item->kind == ITEM_STEP &&
	       item->cpu == taken->cpu && !item->level &&
	       (item->op == OP_WALK || item->op == OP_IRQ_OFF);
}

/* A translation, and an item that drops it on every CPU. */
static bool drops(const struct item *item, const struct item *walk)
{
	return item->kind == ITEM_STEP && item->op == OP_BROADCAST && walk->kind == ITEM_STEP &&
	       walk->op == OP_WALK;
}

static bool conflict(const struct item *a, const struct item *b)
{
	if (a->kind == ITEM_POINT || b->kind == ITEM_POINT)
		return false;
	return minds(a, b) || minds(b, a) || drops(a, b) || drops(b, a) ||
	       (a->op == OP_EVENT && b->op == OP_EVENT) || accesses_conflict(a, b);
}

/* Reads the same word again, later in the block. */
static bool reads_again(const struct item *item, const struct item *later)
{
	return later->kind == ITEM_STEP && (later->op == OP_READ || later->op == OP_RMW) &&
	       later->access[0].address == item->access[0].address &&
	       later->access[0].size == item->access[0].size && later->found == item->found;
}

/* Returns true for a read with the same value as a later read of its block, and no access of its
 * own between them. No other CPU comes into the middle of a block, so any place for the later read
 * serves the first one. */
static bool needs_no_place(unsigned i)
{
	const struct item *item = &items[i];

	if (item->kind != ITEM_STEP || item->op != OP_READ)
		return false;
	for (unsigned j = i + 1; j < nr_items; j++) {
		if (items[j].cpu != item->cpu || items[j].level != item->level)
			continue;
		if (items[j].kind == ITEM_POINT)
			return false;
		if (reads_again(item, &items[j]))
			return true;
		if (accesses_conflict(item, &items[j]))
			return false;
	}
	return false;
}

/* --- edges that follow from it ---------------------------------------------------------------- */

/* Item i comes before j, and j is in the handler. */
static void add_before(unsigned i, unsigned from, const struct interrupt *it, unsigned j)
{
	bool by_sender = items[i].cpu == items[it->send].cpu && !items[i].level;

	if (it->held_off)
		blocks_edge(from, it->at, i, j);
	else if (!by_sender)
		blocks_edge(from, block_of(it->send), i, j);
	else if (i > it->send)
		obstruct(LATE, i, j);
}

/* Item i is in the handler and comes before j. */
static void add_after(const struct interrupt *it, unsigned i, unsigned j, unsigned to)
{
	bool by_sender = items[j].cpu == items[it->send].cpu && !items[j].level;

	if (it->at == NO_BLOCK)
		obstruct(UNKNOWN, i, j);
	else if (it->held_off || !by_sender)
		blocks_edge(it->at, to, i, j);
}

static void add_conflict(unsigned i, unsigned j)
{
	const struct interrupt *a = handler_of(i), *b = handler_of(j);

	if (items[i].cpu == items[j].cpu && a == b)
		return;
	if (a && b && a->at == NO_BLOCK)
		obstruct(UNKNOWN, i, j);
	else if (b)
		add_before(i, a ? a->at : block_of(i), b, j);
	else if (a)
		add_after(a, i, j, block_of(j));
	else
		blocks_edge(block_of(i), block_of(j), i, j);
}

/* An interrupt never taken here does come on a machine, and flushes. */
static void add_never_taken(const struct interrupt *it)
{
	for (unsigned i = 0; i < nr_items; i++)
		if (does(i, it->cpu, OP_WALK))
			blocks_edge(block_of(i), it->held_off ? it->at : block_of(it->send), i,
				    it->send);
}

static void add_edges(bool awaited)
{
	nr_interrupts = 0;
	for (unsigned i = 0; i < nr_items; i++)
		if (items[i].kind == ITEM_STEP && items[i].op == OP_IPI &&
		    !is_pending(items[i].target, items[i].ipi, i))
			add_interrupt(items[i].target, items[i].ipi, i, awaited);
	for (unsigned n = 0; n < nr_interrupts; n++)
		if (interrupt[n].taken == nr_items)
			add_never_taken(&interrupt[n]);
	for (unsigned j = 0; j < nr_items; j++)
		for (unsigned i = 0; i < j && !needs_no_place(j); i++)
			if (conflict(&items[i], &items[j]) && !needs_no_place(i))
				add_conflict(i, j);
}

/* --- the schedule ----------------------------------------------------------------------------- */

static unsigned count_reached(unsigned end)
{
	unsigned n = 0;

	for (unsigned i = 0; i <= end; i++)
		n += items[i].kind == ITEM_POINT && items[i].cpu == items[end].cpu &&
		     items[i].point == items[end].point;
	return n;
}

/* Holds the CPU at the end of the block. */
static void add_place(void *to, const struct block *left)
{
	unsigned end = left->end;

	(void)to;
	if (end == nr_items)
		return;
	if (schedule.nr == MAX_PLACES)
		obstruct(TOO_LONG, end, end);
	else
		schedule.place[schedule.nr++] =
			(struct place){left->cpu, items[end].point, (u8)count_reached(end)};
}

struct schedule schedule_of(const struct item *all, unsigned nr, bool awaited)
{
	struct edge out, in;

	schedule = (struct schedule){0};
	items = all;
	nr_items = nr;
	blocks_cut(all, nr);
	add_edges(awaited);
	if (schedule.obstacle || blocks_order(add_place, NULL))
		return schedule;
	if (blocks_torn(&out, &in)) {
		obstruct(TORN, out.before, in.after);
		schedule.step[2] = items[out.after].step;
	} else {
		obstruct(UNORDERED, 0, 0);
	}
	return schedule;
}
