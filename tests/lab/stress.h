/* SPDX-License-Identifier: MIT */
/* Stress: rounds of one cell with its roles free-running, until enough of them overlapped or the
 * time is over. */
#pragma once

#include "tests/lab/variant.h"

#define MAX_OUTCOMES 8u

struct histogram {
	u32 rounds, overlaps, violated;
	unsigned nr;
	struct {
		const char *name;
		bool forbidden;
		u32 count;
	} outcome[MAX_OUTCOMES];
};

/* Stops at the first violation, which *v and the outcome then describe; else they are the last
 * round's. */
struct outcome stress_run(struct variant *v, const struct scenario *scenario,
			  const struct cell *cell, u64 budget_ns, struct histogram *h);
