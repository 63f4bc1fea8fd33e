/* SPDX-License-Identifier: MIT */
/* Stress. The roles of one cell run free, round after round, until enough rounds overlapped or the
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

/* Stops at the first violation. *v and the outcome then describe it, otherwise the last round. */
struct outcome stress_run(struct variant *v, const struct scenario *scenario,
			  const struct cell *cell, u64 budget_ns, struct histogram *h);
