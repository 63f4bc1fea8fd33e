/* SPDX-License-Identifier: MIT */
/* schedule_of(): what a machine that holds CPUs at race points can be made to repeat, and what
 * not. */
#include "kernel/hooks/race.h"
#include "kernel/string.h"
#include "tests/self/unit/tap.h"
#include "tools/interleave/schedule.h"

#define MAX_ITEMS 24u

#define ACCESS(c, l, kind_, at, writes, value)                                                     \
	{                                                                                          \
		.kind = ITEM_STEP, .cpu = (c), .level = (l), .op = (kind_), .found = (value),      \
		.nr_accesses = 1, .access = {{.address = (at), .size = 4, .write = (writes)}},     \
	}
#define READS(cpu, at)		ACCESS(cpu, 0, OP_READ, at, false, 0)
#define READS_VALUE(cpu, at, v) ACCESS(cpu, 0, OP_READ, at, false, v)
#define EXCHANGES(cpu, at, v)	ACCESS(cpu, 0, OP_RMW, at, true, v)
#define WRITES(cpu, at)		ACCESS(cpu, 0, OP_WRITE, at, true, 0)
#define HANDLER_READS(cpu, at)	ACCESS(cpu, 1, OP_READ, at, false, 0)
#define HANDLER_WRITES(cpu, at) ACCESS(cpu, 1, OP_WRITE, at, true, 0)
#define DOES(c, what)                                                                              \
	{                                                                                          \
		.kind = ITEM_STEP, .cpu = (c), .op = (what)                                        \
	}
#define EVENT(cpu) DOES(cpu, OP_EVENT)
#define REACHES(c, at)                                                                             \
	{                                                                                          \
		.kind = ITEM_POINT, .cpu = (c), .point = RACE_##at                                 \
	}
#define REACHES_OFF(c, at)                                                                         \
	{                                                                                          \
		.kind = ITEM_POINT, .cpu = (c), .point = RACE_##at, .irqs_off = true               \
	}
#define SENDS(c, to, what)                                                                         \
	{                                                                                          \
		.kind = ITEM_STEP, .cpu = (c), .op = OP_IPI, .target = (to), .ipi = (what)         \
	}
#define SENDS_OFF(c, to, what)                                                                     \
	{                                                                                          \
		.kind = ITEM_STEP, .cpu = (c), .op = OP_IPI, .target = (to), .ipi = (what),        \
		.irqs_off = true                                                                   \
	}
#define TAKES(c, what)                                                                             \
	{                                                                                          \
		.kind = ITEM_INTERRUPT, .cpu = (c), .level = 1, .ipi = (what)                      \
	}
#define TAKES_INSIDE(c, what)                                                                      \
	{                                                                                          \
		.kind = ITEM_INTERRUPT, .cpu = (c), .level = 2, .ipi = (what)                      \
	}

enum {
	X = 0x100,
	Y = 0x200,
	ACK = 0x300,
};

static const struct row {
	const char *name;
	bool awaited;
	struct item items[MAX_ITEMS];
	enum obstacle obstacle;
	unsigned step[3]; /* by their place in `items`, from 1 */
	struct place place[4];
} rows[] = {
	{.name = "one CPU alone is held nowhere",
	 .items = {WRITES(0, X), REACHES(0, role_middle), READS(0, X), REACHES(0, role_done)}},
	{.name = "what does not conflict needs no turns",
	 .items = {WRITES(0, X), WRITES(1, Y), WRITES(0, X), REACHES(0, role_done),
		   REACHES(1, role_done)},
	 .place = {{0, RACE_role_done, 1}}},
	{.name = "a write between two reads, at a point",
	 .items = {READS(0, X), REACHES(0, role_middle), WRITES(1, X), REACHES(1, role_done),
		   READS(0, X), REACHES(0, role_done)},
	 .place = {{0, RACE_role_middle, 1}, {1, RACE_role_done, 1}}},
	{.name = "the second time at a point",
	 .items = {REACHES(0, role_middle), READS(0, X), REACHES(0, role_middle), WRITES(1, X),
		   REACHES(1, role_done), READS(0, X), REACHES(0, role_done)},
	 .place = {{0, RACE_role_middle, 2}, {1, RACE_role_done, 1}}},
	{.name = "a write between two reads, no point there",
	 .items = {READS_VALUE(0, X, 1), WRITES(1, X), REACHES(1, role_done), READS(0, X),
		   REACHES(0, role_done)},
	 .obstacle = TORN,
	 .step = {1, 4, 2}},
	{.name = "the same, but both find the same",
	 .items = {READS_VALUE(0, X, 1), WRITES(1, X), REACHES(1, role_done), READS_VALUE(0, X, 1),
		   REACHES(0, role_done)},
	 .place = {{1, RACE_role_done, 1}}},
	{.name = "the same, the later one an atomic operation",
	 .items = {READS_VALUE(0, X, 1), WRITES(1, X), REACHES(1, role_done), EXCHANGES(0, X, 1),
		   REACHES(0, role_done)},
	 .place = {{1, RACE_role_done, 1}}},
	{.name = "the same, but a write of its own between them",
	 .items = {READS_VALUE(0, X, 1), WRITES(1, X), REACHES(1, role_done), WRITES(0, X),
		   READS_VALUE(0, X, 1), REACHES(0, role_done)},
	 .obstacle = TORN,
	 .step = {1, 4, 2}},
	{.name = "a translation before it is dropped on every CPU",
	 .items = {DOES(0, OP_WALK), REACHES(0, role_done), DOES(1, OP_BROADCAST),
		   REACHES(1, role_done), DOES(0, OP_WALK), REACHES(0, role_done)},
	 .place = {{0, RACE_role_done, 1}, {1, RACE_role_done, 1}}},
	{.name = "two events that a judge compares",
	 .items = {EVENT(1), REACHES(1, role_middle), EVENT(0), REACHES(0, role_done),
		   REACHES(1, role_done)},
	 .place = {{1, RACE_role_done, 1}}},

	{.name = "an interrupt with interrupts on; who comes after its handler comes after the wait",
	 .awaited = true,
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), REACHES(1, shootdown_sent), TAKES(0, IPI_SHOOTDOWN),
		   HANDLER_WRITES(0, ACK), READS(1, ACK), REACHES(1, shootdown_done),
		   DOES(0, OP_WALK), REACHES(0, role_done)},
	 .place = {{1, RACE_shootdown_done, 1}}},
	{.name = "the same, but nobody waits",
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), REACHES(1, shootdown_sent), TAKES(0, IPI_SHOOTDOWN),
		   HANDLER_WRITES(0, ACK), REACHES(1, shootdown_done), DOES(0, OP_WALK),
		   REACHES(0, role_done)},
	 .obstacle = UNKNOWN,
	 .step = {3, 6}},
	{.name = "translated before the interrupt: before it is sent",
	 .awaited = true,
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), REACHES(1, shootdown_sent), DOES(0, OP_WALK),
		   REACHES(0, role_done), TAKES(0, IPI_SHOOTDOWN), HANDLER_WRITES(0, ACK),
		   READS(1, ACK), REACHES(1, shootdown_done)},
	 .place = {{0, RACE_role_done, 1}}},
	{.name = "its sender goes on before the handler does",
	 .awaited = true,
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), WRITES(1, X), TAKES(0, IPI_SHOOTDOWN),
		   HANDLER_READS(0, X), REACHES(1, shootdown_done), REACHES(0, role_done)},
	 .obstacle = LATE,
	 .step = {2, 4}},
	{.name = "interrupts off: the handler comes after that, and the sender waits",
	 .awaited = true,
	 .items = {DOES(0, OP_IRQ_OFF), REACHES_OFF(0, walk_begin), SENDS_OFF(1, 0, IPI_SHOOTDOWN),
		   REACHES(1, shootdown_sent), READS(0, X), REACHES_OFF(0, walk_end),
		   REACHES(0, role_done), TAKES(0, IPI_SHOOTDOWN), HANDLER_WRITES(0, ACK),
		   READS(1, ACK), REACHES(1, shootdown_done), WRITES(1, X), REACHES(1, role_done)},
	 .place = {{0, RACE_walk_begin, 1}, {1, RACE_shootdown_sent, 1}, {0, RACE_role_done, 1}}},
	{.name = "interrupts on again before it is sent",
	 .awaited = true,
	 .items = {DOES(0, OP_IRQ_OFF), REACHES_OFF(0, walk_begin), READS(0, X),
		   REACHES_OFF(0, walk_end), REACHES(0, role_done), SENDS(1, 0, IPI_SHOOTDOWN),
		   REACHES(1, shootdown_sent), TAKES(0, IPI_SHOOTDOWN), HANDLER_WRITES(0, ACK),
		   READS(1, ACK), REACHES(1, shootdown_done)},
	 .place = {{0, RACE_role_done, 1}}},
	{.name = "never taken, but a machine's would flush: translated before it is sent",
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), REACHES(1, shootdown_done), DOES(0, OP_WALK),
		   REACHES(0, role_done)},
	 .place = {{0, RACE_role_done, 1}}},
	{.name = "an NMI inside a handler",
	 .awaited = true,
	 .items = {SENDS(1, 0, IPI_SHOOTDOWN), TAKES(0, IPI_SHOOTDOWN),
		   SENDS(1, 0, IPI_SHOOTDOWN_NOWAIT), TAKES_INSIDE(0, IPI_SHOOTDOWN_NOWAIT),
		   REACHES(0, role_done), REACHES(1, role_done)},
	 .obstacle = NESTED,
	 .step = {4, 4}},
};

static bool used(const struct item *item)
{
	return item->kind != ITEM_STEP || item->op != OP_NONE;
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->cpu == b->cpu && a->point == b->point && a->nth == b->nth;
}

static void test_row(const struct row *row)
{
	struct item items[MAX_ITEMS];
	struct schedule found;
	unsigned nr = 0, places = 0;

	memcpy(items, row->items, sizeof(items));
	for (; nr < MAX_ITEMS && used(&items[nr]); nr++) {
		items[nr].step = nr + 1;
		/* The rest behind its accesses is unused. */
		for (unsigned i = items[nr].nr_accesses; i < MAX_ACCESSES; i++)
			items[nr].access[i] = (struct accessed){X, 4, true};
	}
	while (places < ARRAY_SIZE(row->place) && row->place[places].nth)
		places++;
	found = schedule_of(items, nr, row->awaited);
	CHECK(found.obstacle == row->obstacle, "%s: obstacle %u", row->name, found.obstacle);
	for (unsigned i = 0; row->obstacle && i < 3; i++)
		CHECK(found.step[i] == row->step[i], "%s: step %u is %u", row->name, i,
		      found.step[i]);
	if (row->obstacle)
		return;
	CHECK(found.nr == places, "%s: %u places", row->name, found.nr);
	for (unsigned i = 0; i < places && i < found.nr; i++)
		CHECK(same_place(&found.place[i], &row->place[i]), "%s: place %u is CPU %u, %u, %u",
		      row->name, i, found.place[i].cpu, found.place[i].point, found.place[i].nth);
}

/* Two CPUs take turns at a word, `turns` times each. */
static void test_turns(unsigned turns, enum obstacle obstacle)
{
	struct item items[80] = {{0}};
	unsigned nr = 0;

	for (unsigned turn = 0; turn < turns; turn++)
		for (u8 cpu = 0; cpu < 2; cpu++) {
			items[nr++] = (struct item)WRITES(cpu, X);
			items[nr++] = (struct item)REACHES(cpu, role_middle);
		}
	CHECK(schedule_of(items, nr, true).obstacle == obstacle, "%u turns: obstacle %u", turns,
	      obstacle);
}

int main(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++)
		test_row(&rows[i]);
	test_turns(MAX_PLACES / 2, NO_OBSTACLE);
	test_turns(MAX_PLACES / 2 + 1, TOO_LONG);
	return tap_done();
}
