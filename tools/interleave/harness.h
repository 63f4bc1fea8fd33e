/* SPDX-License-Identifier: MIT */
/*
 * What the explorer runs besides the lab's scenarios: tables of small harnesses
 * (tests/self/explore/). A row under a memory model is one test point.
 */
#pragma once

#include "tools/interleave/search.h"

struct harness {
	unsigned nr; /* of rows */
	/* What run= selects: "group/row". */
	const char *(*name)(unsigned row);
	/* Is the row asked of this machine under this model? */
	bool (*under)(unsigned row, enum memory_model model);
	/* Explores it under memory_model and prints its events; true: it is as the table says. */
	bool (*run)(unsigned row);
};

/* Every memory model against the literature; interleavings against closed forms; the reduction
 * against an exploration without one. */
extern const struct harness litmus_harness, count_harness, reduction_harness;

/* All rows of all of them, numbered. */
unsigned harness_rows(void);
const char *harness_name(unsigned row);
bool harness_under(unsigned row, enum memory_model model);
bool harness_run(unsigned row);
