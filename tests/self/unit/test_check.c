/* SPDX-License-Identifier: MIT */
/* Tests that tests/lab/check.c names an invalid scenario before anything runs. */
#include <string.h>

#include "tests/lab/check.c"
#include "tests/self/unit/tap.h"

static void run(struct variant *v)
{
	(void)v;
}

static enum verdict judge(struct variant *v)
{
	(void)v;
	return HELD;
}

static const struct step good_steps[] = {
	STEP(0, role_start, REACHED(1, role_done), BLOCKED_ON_ME(1)),
	STEP(1, role_done),
};

static const struct scenario good = {
	.name = "group/one",
	.rule = "it holds",
	.reference = "a manual",
	.mode = MODE_CHOREO,
	.roles = {{"walker", run}, {"writer", run}},
	.script = STEPS(good_steps),
	.judge = judge,
	CELLS(HOLDS()),
};

static struct scenario with_steps(struct step *steps)
{
	struct scenario s = good;

	for (unsigned i = 0; i <= MAX_SCRIPT; i++)
		steps[i] = good_steps[i % ARRAY_SIZE(good_steps)];
	s.script.steps = steps;
	return s;
}

/* Changes one thing of it. `steps` are its script's, with room for the greatest number. */
#define WRONG(change, text)                                                                        \
	do {                                                                                       \
		struct step steps[MAX_SCRIPT + 1];                                                 \
		struct scenario s = with_steps(steps);                                             \
		char problem[120];                                                                 \
                                                                                                   \
		change;                                                                            \
		scenario_check(&s, problem, sizeof(problem));                                      \
		CHECK(strstr(problem, text), "%s: %s", #change, problem);                          \
	} while (0)

#define RIGHT(change)                                                                              \
	do {                                                                                       \
		struct step steps[MAX_SCRIPT + 1];                                                 \
		struct scenario s = with_steps(steps);                                             \
		char problem[120];                                                                 \
                                                                                                   \
		change;                                                                            \
		scenario_check(&s, problem, sizeof(problem));                                      \
		CHECK(!problem[0], "%s: nothing is wrong: %s", #change, problem);                  \
	} while (0)

#define LONG "group/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

int main(void)
{
	static const struct step strange =
		STEP(0, role_done, REACHED(1, role_done), REACHED(3, role_done));

	_Static_assert(sizeof(LONG) == FACTS_NAME + 1, "one more than there is room for");
	RIGHT((void)s);
	WRONG(s.name = NULL, "no name");
	WRONG(s.name = "", "not group/name");
	WRONG(s.name = "one", "not group/name");
	WRONG(s.name = "/one", "not group/name");
	WRONG(s.name = "group/", "not group/name");
	WRONG(s.name = "group/one/two", "not group/name");
	WRONG(s.name = LONG, "too long");
	WRONG(s.name = "group/a/", "not group/name");
	RIGHT(s.name = "g/a");
	RIGHT(s.name = "group/a");
	RIGHT(s.name = "hwx/one");
	RIGHT(s.nr_cells = MAX_CELLS);
	WRONG(s.nr_cells = MAX_CELLS + 1, "no cells");
	RIGHT(s.roles[2] = s.roles[3] = s.roles[0]);
	WRONG(s.roles[0].name = "", "no name");
	WRONG(steps[0].until[0].role = 2, "step 1 of its script names role 2");
	WRONG(s.rule = NULL, "no rule");
	WRONG(s.reference = "", "no reference");
	WRONG(s.mode = MODE_UNSAID, "mode");
	WRONG(s.mode = MODE_STRESS, "mode");
	WRONG(s.mode = MODE_REPLAY, "mode");
	WRONG(s.judge = NULL, "no judge");
	WRONG(s.nr_cells = 0, "no cells");
	WRONG(s.name = "hw/one", "no least evidence");
	RIGHT(s.name = "hw/one"; s.least[0] = (struct least)AT_LEAST(1, "thing"));
	WRONG(s.name = "hw/one"; s.least[0] = (struct least)AT_LEAST(0, "things"), "is nothing");
	WRONG(s.least[2] = (struct least)AT_LEAST_MET(0, "things"), "is nothing");
	WRONG(memset(s.roles, 0, sizeof(s.roles)), "no role");
	WRONG(s.roles[1].name = NULL, "no name");
	WRONG(s.roles[1].run = NULL, "no function");
	RIGHT(s.roles[1].name = "walker");
	WRONG(s.script.nr = 0, "no script");
	RIGHT(s.script.nr = 0; s.mode = MODE_PROBE);
	RIGHT(s.script.nr = 0; s.mode = MODE_EXPLORED);
	WRONG(steps[1].role = 2, "step 2 of its script names role 2, and it has roles 0 to 1");
	WRONG(steps[0].until[1].role = 3, "step 1 of its script names role 3");
	WRONG(s.script.nr = 8; steps[7] = strange, "step 8 of its script names role 3");
	RIGHT(steps[2].role = 2);
	RIGHT(s.script.nr = MAX_SCRIPT);
	WRONG(s.script.nr = MAX_SCRIPT + 1, "its script has more than 24 steps");
	return tap_done();
}
