/* SPDX-License-Identifier: MIT */
/* Rows of all harnesses, found by their number. */
#include "tools/interleave/harness.h"

static const struct harness *const harnesses[] = {
	&litmus_harness,
	&count_harness,
	&reduction_harness,
};

unsigned harness_rows(void)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(harnesses); i++)
		nr += harnesses[i]->nr;
	return nr;
}

/* Returns the harness of a row, and its number there in *row. */
static const struct harness *harness_of(unsigned *row)
{
	unsigned i = 0;

	while (*row >= harnesses[i]->nr)
		*row -= harnesses[i++]->nr;
	return harnesses[i];
}

const char *harness_name(unsigned row)
{
	const struct harness *harness = harness_of(&row);

	return harness->name(row);
}

bool harness_under(unsigned row, enum memory_model model)
{
	const struct harness *harness = harness_of(&row);

	return harness->under(row, model);
}

bool harness_run(unsigned row)
{
	const struct harness *harness = harness_of(&row);

	return harness->run(row);
}
