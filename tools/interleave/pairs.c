/* SPDX-License-Identifier: MIT */
/* Compares explorations with one guard off, and with two. */
#include "tools/interleave/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/search.h"

/* The result of one exploration. */
struct outcome {
	enum ending ending;
	unsigned steps;
	u32 states;
	u64 transitions;
	char what[200];
};

static struct outcome outcome_of(const struct scenario *scenario, const struct cell *cell,
				 u32 bound)
{
	struct exploration what;
	struct result result;
	struct outcome outcome;

	variant_prepare(scenario, cell);
	what = lab_exploration(bound);
	result = explore(&what);
	outcome = (struct outcome){.ending = result.ending,
				   .steps = result.nr_path,
				   .states = result.states,
				   .transitions = result.transitions};
	snprintk(outcome.what, sizeof(outcome.what), "%s", result.what);
	free(result.path);
	return outcome;
}

static struct outcome without(const struct scenario *scenario, const struct cell *cell, u32 bound,
			      unsigned a, unsigned b)
{
	u8 before[NR_GUARDS];
	struct outcome outcome;

	memcpy(before, options.guard_off, sizeof(before));
	options.guard_off[a] = options.guard_off[b] = true;
	outcome = outcome_of(scenario, cell, bound);
	memcpy(options.guard_off, before, sizeof(before));
	return outcome;
}

/* A guard that no CPU asks for changes nothing. */
static bool makes_a_difference(const struct outcome *one, const struct outcome *base)
{
	return one->ending != base->ending || one->states != base->states ||
	       one->transitions != base->transitions;
}

static const char *word(const struct outcome *outcome)
{
	return outcome->ending == END_HOLDS	 ? "held"
	       : outcome->ending == END_VIOLATED ? "violated"
						 : "cut_off";
}

static void print_pair(unsigned a, unsigned b, const struct outcome *alone,
		       const struct outcome *together)
{
	char choices[160];

	cell_choices_text(variant.cell, variant.choice, choices, sizeof(choices), "%s=%s", ",");
	printk("# ev=pair scenario=%s mode=%s choices=%s a=%s b=%s alone=%s,%s together=%s steps=%u reason=\"%s\"\n",
	       variant.scenario->name, memory_model_name[memory_model], choices[0] ? choices : "-",
	       guard_info[a].name, guard_info[b].name, word(&alone[a]), word(&alone[b]),
	       word(together), together->steps, together->what);
}

bool pairs_of(const struct scenario *scenario, const struct cell *cell, u32 bound)
{
	static struct outcome alone[NR_GUARDS];
	struct outcome base = outcome_of(scenario, cell, bound);

	if (base.ending != END_HOLDS)
		return false;
	for (unsigned a = 0; a < NR_GUARDS; a++)
		alone[a] = without(scenario, cell, bound, a, a);
	for (unsigned a = 0; a < NR_GUARDS; a++)
		for (unsigned b = a + 1; b < NR_GUARDS; b++) {
			struct outcome together;

			if (!makes_a_difference(&alone[a], &base) ||
			    !makes_a_difference(&alone[b], &base))
				continue;
			together = without(scenario, cell, bound, a, b);
			print_pair(a, b, alone, &together);
		}
	return true;
}
