/* SPDX-License-Identifier: MIT */
/* Sorts the scenarios of the image into the order of their run. */
#include "tests/lab/registry.h"

#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/check.h"

#define MAX_SCENARIOS 256u

const char *const mode_name[NR_MODES] = {
	[MODE_UNSAID] = "unsaid", [MODE_PROBE] = "probe",	[MODE_CHOREO] = "choreo",
	[MODE_STRESS] = "stress", [MODE_EXPLORED] = "explored", [MODE_REPLAY] = "replay",
};

extern const struct scenario __scenarios_start[], __scenarios_end[];

/* By name, but hw/ first, because the other groups build on it. */
static bool comes_before(const struct scenario *a, const struct scenario *b)
{
	bool a_first = !strncmp(a->name, "hw/", 3), b_first = !strncmp(b->name, "hw/", 3);

	return a_first != b_first ? a_first : strcmp(a->name, b->name) < 0;
}

static const struct scenario *sorted[MAX_SCENARIOS];
static unsigned nr_sorted;

/* A malformed scenario would be run as something else, or hold for want of a script. */
static void refuse_unsound(const struct scenario *s)
{
	char problem[120];

	scenario_check(s, problem, sizeof(problem));
	if (problem[0])
		panic("scenario %s: %s", s->name ? s->name : "?", problem);
}

/* The linker's order means nothing. */
unsigned sort_scenarios(void)
{
	for (const struct scenario *s = __scenarios_start; s != __scenarios_end; s++) {
		unsigned at = nr_sorted++;

		refuse_unsound(s);
		if (nr_sorted > MAX_SCENARIOS)
			panic("more than %u scenarios: see MAX_SCENARIOS", MAX_SCENARIOS);
		for (; at && comes_before(s, sorted[at - 1]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = s;
		if (at && !strcmp(sorted[at - 1]->name, s->name))
			panic("scenario %s: the name is used twice", s->name);
	}
	return nr_sorted;
}

const struct scenario *scenario_at(unsigned index)
{
	return sorted[index];
}

unsigned scenario_count(void)
{
	return nr_sorted;
}

unsigned scenario_roles(const struct scenario *scenario)
{
	unsigned n = 0;

	while (n < MAX_ROLES && scenario->roles[n].run)
		n++;
	return n;
}

void scenario_act_at(struct variant *v, unsigned role, enum race_point point)
{
	const struct script *script = &v->scenario->script;

	for (unsigned i = 0; i < script->nr; i++) {
		const struct step *step = &script->steps[i];

		if (step->act && step->role == role && step->at == point)
			step->act(v);
	}
}
