/* SPDX-License-Identifier: MIT */
/* Litmus tests run rounds of a few loads and stores, and count each outcome. */
#include "tests/hw/litmus.h"

#include <asm/clock.h>

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/random.h"
#include "kernel/smp/percpu.h"

#define NR_CELLS   512u
#define CHUNK	   128u /* cells from one meeting to the next */
#define ENOUGH	   400u /* cells in which the CPUs overtook each other, with another outcome than
			 * before */
#define TURNS	   16u	/* of all roles together, if ENOUGH is not reached */
#define TURNS_MOST 640u
#define NS_MOST	   1000000000ull
#define LOOKS	   4000u /* at the others, before a CPU goes on without them to the next meeting */
#define DELAY_MOST 8u
#define OUTCOMES   16u

static struct litmus_cell cells[NR_CELLS];

static struct {
	u32 at; /* shared, by role, the cells it has come to in this round */
} __aligned(64) progress[MAX_ROLES];

static struct {
	bool over; /* shared, set by the first role between two meetings */
	u32 rounds, overlaps;
	u64 start; /* clock_ns() of the first role's CPU */
	u32 count[OUTCOMES];
} found;

bool litmus_setup(struct variant *v)
{
	(void)v;
	found = (typeof(found)){.rounds = 0};
	for (unsigned i = 0; i < NR_CELLS; i++)
		cells[i] = (struct litmus_cell){.x = 0};
	for (unsigned role = 0; role < MAX_ROLES; role++)
		progress[role].at = 0;
	return true;
}

static unsigned outcome_of(const struct litmus_cell *cell, const struct litmus *test)
{
	unsigned outcome = 0;

	for (unsigned i = 0; i < test->registers; i++)
		outcome |= cell->r[i] << i;
	return outcome;
}

/* Only one CPU's clock decides. */
static bool is_late(u32 turns)
{
	if (found.overlaps >= LITMUS_LEAST) /* with fewer it goes on */
		return turns >= TURNS;
	return turns >= TURNS_MOST || (turns >= TURNS && clock_ns() - found.start > NS_MOST);
}

/* Called between two meetings, when no other CPU is at the cells. */
static void count_round(const struct variant *v, const struct litmus *test)
{
	unsigned last = outcome_of(&cells[0], test);

	for (unsigned i = 0; i < NR_CELLS; i++) {
		unsigned outcome = outcome_of(&cells[i], test);

		found.count[outcome]++;
		found.overlaps += i % CHUNK && outcome != last;
		last = outcome;
		cells[i] = (struct litmus_cell){.x = 0};
	}
	for (unsigned role = 0; role < MAX_ROLES; role++)
		progress[role].at = 0;
	found.rounds++;
	found.over = found.overlaps >= ENOUGH || is_late(found.rounds * v->nr_roles);
}

/* All roles have come to the cell. Returns false if they have not within LOOKS. There is no PAUSE,
 * because in an emulator it takes longer than a test, and then no two CPUs meet. */
static bool in_step(const struct variant *v, unsigned role, u32 cell)
{
	unsigned others = 0;

	WRITE_ONCE(progress[role].at, cell + 1);
	for (unsigned look = 0; others < v->nr_roles && look < LOOKS; look++)
		others += READ_ONCE(progress[others].at) > cell;
	return others == v->nr_roles;
}

void litmus_run(struct variant *v, const struct litmus *test,
		void (*thread)(struct litmus_cell *cell))
{
	struct random random = random_stream(run_seed, cpu_id());
	unsigned role = 0;

	while (v->cpu[role] != cpu_id())
		role++;
	if (!role)
		found.start = clock_ns();
	do {
		bool together = true;

		for (unsigned i = 0; i < NR_CELLS; i++) {
			if (i % CHUNK == 0 && !lab_meet(v))
				return;
			together = (together || i % CHUNK == 0) && in_step(v, role, i);
			for (u32 delay = random_below(&random, DELAY_MOST); delay; delay--)
				barrier();
			thread(&cells[i]);
		}
		if (!lab_meet(v))
			return;
		if (!role)
			count_round(v, test);
	} while (lab_meet(v) && !READ_ONCE(found.over));
}

static void name_outcome(char *text, size_t size, unsigned outcome, const struct litmus *test)
{
	int used = 0;

	for (unsigned i = 0; i < test->registers; i++)
		used += scnprintk(text + used, size - (size_t)used, used ? " r%u=%u" : "r%u=%u", i,
				  outcome >> i & 1);
}

enum verdict litmus_judge(struct variant *v, const struct litmus *test)
{
	u32 total = found.rounds * NR_CELLS;
	bool broken = false;
	char name[32];

	for (unsigned outcome = 0; outcome < BIT(test->registers); outcome++) {
		u32 count = found.count[outcome];
		bool forbidden = test->forbidden & OUTCOME(outcome);

		name_outcome(name, sizeof(name), outcome, test);
		lab_histogram(v, name, count, total, forbidden);
		if (forbidden && count) {
			lab_saw(v, "the forbidden outcome %s, %u times of %u", name, count, total);
			broken = true;
		}
	}
	if (broken)
		return VIOLATED;
	lab_counted(v, found.overlaps);
	lab_evidence(v, "%u cells, the CPUs overtook each other in %u of them", total,
		     found.overlaps);
	return HELD;
}
