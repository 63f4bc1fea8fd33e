/* SPDX-License-Identifier: MIT */
/*
 * Small harnesses (tests/self/explore/), run by the explorer besides the lab's scenarios. A row
 * under a memory model is one test point.
 */
#pragma once

#include "tools/interleave/search.h"

struct harness {
	unsigned nr; /* number of rows */
	/* The name for run=, as "group/row". */
	const char *(*name)(unsigned row);
	/* Does the row apply to this machine under this model? */
	bool (*under)(unsigned row, enum memory_model model);
	/*
	 * Explores the row under memory_model and prints its events. Returns true if the result is
	 * as in the table.
	 */
	bool (*run)(unsigned row);
};

/* These check every memory model against the literature, interleavings against closed forms, and
 * the reduction against an exploration without one. */
extern const struct harness litmus_harness, count_harness, reduction_harness;

/* All rows of all harnesses, numbered. */
unsigned harness_rows(void);
const char *harness_name(unsigned row);
bool harness_under(unsigned row, enum memory_model model);
bool harness_run(unsigned row);
