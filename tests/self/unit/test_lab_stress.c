/* SPDX-License-Identifier: MIT */
/* tests/lab/stress.c: how many rounds a cell has, how they are counted, and when they end. */
#include <string.h>

#define plant_deadlock stress_deadlock
#include "tests/lab/stress.c"
#undef plant_deadlock

#include "tests/self/unit/whole_lab.h"

static struct histogram h;
static unsigned ticks, judged, runs[2];
static bool meets, guard_was_off, guards_while_judging;
static unsigned lose_in, step_in; /* rounds, from 1 */

void report_tick(void)
{
	ticks++;
}

/* With a meeting in it, so the two overlap in every round, unless one waits for the other's end. */
static void part(struct variant *of, unsigned role)
{
	runs[role]++;
	guard_was_off = guard_off[GUARD_flush_before_free];
	race_point(role_middle);
	if (meets)
		lab_meet_last(of);
	if (role && lose_in == judged + 1)
		get_page(of->a);
	race_point(role_middle);
}

static void walk(struct variant *of)
{
	part(of, 0);
}

static void write(struct variant *of)
{
	part(of, 1);
}

static bool setup(struct variant *of)
{
	of->a = lab_frame(of, ZONE_DIRECT);
	return of->a;
}

/* One verdict a round, and its name. The last one holds for all further rounds. */
static struct {
	enum verdict verdict;
	const char *outcome;
} says[MAX_OUTCOMES + 2];

static enum verdict judge(struct variant *of)
{
	unsigned n = judged++;

	guards_while_judging |= guard_off[GUARD_flush_before_free];
	of->outcome = says[n % ARRAY_SIZE(says)].outcome;
	lab_saw(of, "round %u", judged);
	if (step_in == judged)
		model_clock_step = 5000000;
	return says[n % ARRAY_SIZE(says)].verdict;
}

static struct scenario scenario = {.name = "pte/one",
				   .roles = {{"walker", walk}, {"writer", write}},
				   .setup = setup,
				   .judge = judge};
static const struct cell holds = {.off = NR_GUARDS},
			 off = {.expect = EXPECT_BREAKS, .off = GUARD_flush_before_free};

static void begin(u32 iters)
{
	fresh();
	model_clock_step = 1000000000; /* since the boot */
	clock_ns();
	model_clock_step = 0;
	options.iters = iters;
	memset(says, 0, sizeof(says));
	memset(runs, 0, sizeof(runs));
	ticks = judged = lose_in = step_in = 0;
	meets = true;
	guard_was_off = guards_while_judging = false;
	memset(&h, 0x55, sizeof(h));
}

static struct outcome run(const struct cell *cell, u64 budget_ns)
{
	struct outcome outcome = stress_run(&v, &scenario, cell, budget_ns, &h);

	CHECK(!race_recording() && !this_cpu()->mm && !guard_off[GUARD_flush_before_free] &&
		      !guards_while_judging,
	      "nothing is recorded or loaded behind it, and guards are on then and in between");
	return outcome;
}

static bool counted(u32 rounds, u32 overlaps, u32 violated, unsigned nr)
{
	if (h.rounds == rounds && h.overlaps == overlaps && h.violated == violated && h.nr == nr)
		return true;
	printf("# rounds %u, overlaps %u, violated %u, outcomes %u\n", h.rounds, h.overlaps,
	       h.violated, h.nr);
	return false;
}

static bool outcome_is(unsigned i, const char *name, u32 count, bool forbidden)
{
	if (!strcmp(h.outcome[i].name, name) && h.outcome[i].count == count &&
	    h.outcome[i].forbidden == forbidden)
		return true;
	printf("# %s: %u%s\n", h.outcome[i].name, h.outcome[i].count,
	       h.outcome[i].forbidden ? ", forbidden" : "");
	return false;
}

static void test_enough(void)
{
	struct outcome outcome;

	begin(5);
	outcome = run(&holds, 0);
	CHECK(outcome.verdict == HELD && !outcome.complaint && counted(5, 5, 0, 1) &&
		      outcome_is(0, "held", 5, false),
	      "iters=5: five rounds that overlap, and no time passed");
	CHECK(runs[0] == 5 && runs[1] == 5 && ticks == 4 && v.mode == MODE_STRESS,
	      "each role ran in each; between two rounds the report is told");
	CHECK(outcome.us == 0, "in no time");
	begin(1);
	run(&holds, 0);
	CHECK(counted(1, 1, 0, 1) && !ticks, "iters=1: one");
}

/* The budget covers the rounds alone, and a begun round is played to its end. */
static void test_budget(void)
{
	struct outcome outcome;

	begin(1000);
	step_in = 3;
	outcome = run(&holds, 4999999);
	CHECK(counted(3, 3, 0, 1), "the round in which the time is over is the last one");
	CHECK(outcome.us && outcome.us % 5000 == 0 && outcome.us < 100000, "the whole took: %u us",
	      outcome.us);
	begin(7);
	step_in = 3;
	run(&holds, 5000000);
	CHECK(h.rounds > 3 && h.rounds < 7, "at exactly the budget it is not over: %u", h.rounds);
	begin(1000);
	model_clock_step = 1;
	run(&holds, 1000000);
	CHECK(h.rounds == 1000, "all of them within a large one");
}

static void test_violated(void)
{
	struct outcome outcome;

	begin(1000);
	says[2].verdict = VIOLATED;
	outcome = run(&holds, 0);
	CHECK(outcome.verdict == VIOLATED && !outcome.complaint && counted(3, 3, 1, 2) &&
		      outcome_is(0, "held", 2, false) && outcome_is(1, "violated", 1, true),
	      "the first round that is violated ends them");
	CHECK(!strcmp(v.saw, "round 3"), "and what was seen is of it");
}

static void test_outcomes(void)
{
	begin(6);
	says[0].outcome = says[2].outcome = "new frame";
	says[1].outcome = "old frame";
	says[3].verdict = NO_EVIDENCE;
	says[4].verdict = NO_OVERLAP;
	says[5].verdict = VIOLATED;
	says[5].outcome = "old frame";
	CHECK(run(&holds, 0).verdict == VIOLATED && counted(6, 6, 1, 4) &&
		      outcome_is(0, "new frame", 2, false) && outcome_is(1, "old frame", 2, true) &&
		      outcome_is(2, "window not met", 1, false) &&
		      outcome_is(3, "no overlap", 1, false),
	      "outcomes by their names, in the order in which they came");
}

/* As many names as there can be, and one more. The latter comes last of all, because ASan does not
 * follow a CPU that left by longjmp(). */
static void names(unsigned n)
{
	static const char *const name[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

	begin(n);
	for (unsigned i = 0; i < n; i++)
		says[i].outcome = name[i];
	stress_run(&v, &scenario, &holds, 0, &h);
}

static void complains(struct outcome outcome, const char *complaint)
{
	CHECK(outcome.verdict == HELD && outcome.complaint && !strcmp(outcome.complaint, complaint),
	      "the lab complains: %s", outcome.complaint ? outcome.complaint : "not at all");
}

static void test_complaints(void)
{
	static const struct {
		enum plant_id plant;
		const char *complaint;
		unsigned rounds;
	} rows[] = {
		{PLANT_order, "the trace is out of order", 1},
		{PLANT_reference, "a frame of the arena has a reference too many or too few", 1},
		{PLANT_leak, "frames leaked", 4},
		{PLANT_walkers, "hardware and software walker do not reach the same frame", 4},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		begin(4);
		planted_id = rows[i].plant;
		complains(run(&holds, 0), rows[i].complaint);
		CHECK(h.rounds == rows[i].rounds, "after %u rounds", rows[i].rounds);
	}
	begin(4);
	lose_in = 2;
	complains(run(&holds, 0), "frames leaked");
	CHECK(counted(2, 2, 0, 1), "a round that loses a frame is the last one");
}

static void test_plants(void)
{
	struct outcome outcome;

	begin(4);
	planted_id = PLANT_damage;
	outcome = run(&holds, 0);
	CHECK(outcome.verdict == VIOLATED && counted(1, 1, 1, 2) &&
		      outcome_is(0, "held", 0, false) &&
		      outcome_is(1, "free frame written", 1, true) &&
		      !strcmp(v.saw, "a frame was written after it was free"),
	      "a free frame that was written turns the round before into another one");
	begin(4);
	meets = false;
	step_in = 9;
	planted_id = PLANT_overlap;
	run(&holds, 4999999);
	CHECK(counted(9, 0, 0, 1), "lab.plant=overlap: no round overlaps, so none counts");
	begin(4);
	meets = false;
	step_in = 3;
	options.idle_role = 1;
	outcome = run(&holds, 4999999);
	CHECK(runs[0] == 3 && !runs[1] && outcome.verdict == NO_EVIDENCE,
	      "an idle role does nothing, and shows nothing");
}

static void test_guards(void)
{
	begin(3);
	run(&off, 0);
	CHECK(guard_was_off && counted(3, 3, 0, 1), "the cell's guard is off in every round");
	begin(3);
	run(&holds, 0);
	CHECK(!guard_was_off, "and no other cell's");
}

static void test_deadlock(void)
{
	struct outcome outcome;

	begin(4);
	options.deadlock = true;
	model_clock_step = 100000000; /* so a waiting CPU soon looks whether it is for ever */
	outcome = run(&holds, 0);
	CHECK(outcome.complaint &&
		      !strcmp(outcome.complaint, "deadlock: CPUs waited for each other") &&
		      counted(0, 0, 0, 0) && runs[0] == 1 && runs[1] == 1,
	      "lab.deadlock=1: behind their parts in the first round each waits for the other");
	memset(crossed, 0, sizeof(crossed));
	begin(2);
	run(&holds, 0);
	CHECK(!crossed[0].owner && !crossed[1].owner, "which nothing else does");
}

/* In stress roles wait for each other inside a round, and one goes on as long as the other. */
static void test_together(void)
{
	struct variant of = {.mode = MODE_CHOREO, .nr_roles = 1};
	struct lab_patience patience = {0};

	machine_reset();
	options.idle_role = MAX_ROLES;
	CHECK(lab_together(&of) && !of.met[0] && !lab_at_work(&of, 1, &patience),
	      "by a script roles neither wait nor go on");
	of.mode = MODE_STRESS;
	CHECK(lab_together(&of) && of.met[0] == 1, "in stress they meet");
	of.roles_over = BIT(0);
	CHECK(lab_at_work(&of, 1, &patience) && lab_at_work(&of, 1, &patience),
	      "and one goes on while the other is at work");
	of.roles_over |= BIT(1);
	CHECK(!lab_at_work(&of, 1, &patience), "until that is over");
	of.roles_over = 0;
	WRITE_ONCE(wait_abandoned, true);
	CHECK(!lab_together(&of) && !lab_at_work(&of, 1, &patience), "or a deadlock was broken");
	WRITE_ONCE(wait_abandoned, false);
	options.idle_role = 0;
	of.met[0] = 0;
	CHECK(lab_together(&of) && !of.met[0] && !lab_at_work(&of, 1, &patience),
	      "an idle role is not waited for");
	options.idle_role = MAX_ROLES;
}

int main(void)
{
	test_enough();
	test_budget();
	test_violated();
	test_outcomes();
	test_complaints();
	test_plants();
	test_guards();
	test_deadlock();
	names(MAX_OUTCOMES);
	CHECK(counted(8, 8, 0, 8), "eight outcomes have eight names");
	CHECK(PANICS(names(MAX_OUTCOMES + 1)), "and nine are too many");
	test_together();
	return tap_done();
}
