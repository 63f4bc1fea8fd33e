/* SPDX-License-Identifier: MIT */
/* Explorations of a few lines, for unit programs of the engine. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/self/unit/tap.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/explored.h"
#include "tools/interleave/follow.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/search.h"
#include "tools/interleave/stop.h"

typedef void part_t(void);

/* Words shared by the parts, 64 bytes apart, and the values found by each. */
static u32 word[8][16] EXPLORED;
static u32 found[4] EXPLORED;
#define CELL(n) word[n][0]

static part_t *part[4];
static unsigned nr_parts;
static struct result result;

static void explored_run(unsigned cpu)
{
	part[cpu]();
}

static void explored_setup(const void *context)
{
	(void)context;
	lab_reset(nr_parts);
}

/* The class of an end is found[0] + 2 * found[1]. */
static const char *explored_judge(unsigned *class)
{
	*class = found[0] + 2 * found[1];
	return NULL;
}

/* Returns the exploration of these parts, ended by NULL. Explores nothing yet. */
static inline struct exploration exploration_of(enum memory_model model, part_t *a, part_t *b,
						part_t *c)
{
	part_t *all[] = {a, b, c};

	nr_parts = 0;
	for (unsigned i = 0; i < 3 && all[i]; i++)
		part[nr_parts++] = all[i];
	memory_model = model;
	model_filling = false;
	model_nr_filled = 0;
	return (struct exploration){.cpus = nr_parts,
				    .setup = explored_setup,
				    .run = explored_run,
				    .judge = explored_judge,
				    .max_states = 100000};
}

static inline void explored(const struct exploration *what)
{
	free(result.path);
	result = explore(what);
}

static inline bool came_to(u32 states, u64 transitions, double ways)
{
	bool good = result.states == states && result.transitions == transitions &&
		    result.interleavings == ways;

	if (!good)
		printf("# %u states, %llu transitions, %g ways, %u ends, ending %u, breach %u: %s\n",
		       result.states, (unsigned long long)result.transitions, result.interleavings,
		       result.ends, result.ending, result.breach, result.what);
	return good;
}

static inline bool ends_were(u32 a, u32 b, u32 c, u32 d)
{
	bool good = result.end[0] == a && result.end[1] == b && result.end[2] == c &&
		    result.end[3] == d && result.ends == a + b + c + d;

	if (!good)
		printf("# ends %u %u %u %u of %u\n", result.end[0], result.end[1], result.end[2],
		       result.end[3], result.ends);
	return good;
}

static inline bool ways_were(double a, double b, double c, double d)
{
	bool good = result.class[0] == a && result.class[1] == b && result.class[2] == c &&
		    result.class[3] == d;

	if (!good)
		printf("# ways %g %g %g %g\n", result.class[0], result.class[1], result.class[2],
		       result.class[3]);
	return good;
}

static inline bool broke(enum breach breach, unsigned steps, const char *what)
{
	bool good = result.ending == END_VIOLATED && result.breach == breach &&
		    result.nr_path == steps && !strcmp(result.what, what);

	if (!good)
		printf("# ending %u, breach %u, %u steps: %s\n", result.ending, result.breach,
		       result.nr_path, result.what);
	return good;
}
