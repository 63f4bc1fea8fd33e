/* SPDX-License-Identifier: MIT */
/* The lab's output: TAP points, one cell of the matrix each, and witnesses. */
#pragma once

#include "tests/lab/variant.h"

struct cell {
	const struct scenario *scenario;
	enum guard_id off; /* NR_GUARDS: all on */
	const char *skip;  /* reason, or NULL: to be run */
};

void report_guards(void);
void report_plan(unsigned n);
void report_list(const struct scenario *scenario);
/* One point: judges the outcome against what was expected of the cell, counts it in the tally. */
void report_skipped(const struct cell *cell);
void report_cell(const struct cell *cell, const struct variant *v, const struct outcome *outcome,
		 unsigned tries);
/* Later passes print no points. */
void report_pass(u32 pass, u32 of);
void report_quiet(bool quiet);
