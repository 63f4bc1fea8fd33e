/* SPDX-License-Identifier: MIT */
/* The lab's output: TAP points, one cell of the matrix each, and witnesses. */
#pragma once

#include "tests/lab/stress.h"

void report_plan(unsigned n);
/* One point: judges the outcome against what was expected of the cell, counts it in the tally. v
 * has at least scenario, cell and choice. */
void report_skipped(const struct variant *v, const char *reason);
void report_cell(const struct variant *v, const struct outcome *outcome, unsigned tries);
/* The same for a stress cell; v and outcome are those of the round that decided. */
void report_stress(const struct variant *v, const struct outcome *outcome,
		   const struct histogram *h);
/* Once all has run: names the modes of require= of which no row was shown, and makes the run
 * incomplete. A row that was skipped or not observed is not shown. */
void report_required(void);
/* How far it is; eta: seconds left, about. Printed now and then, at the beginning (done 0) and at
 * the end always. */
void report_progress(u32 done, u32 of, u32 eta);
/* Somebody is still at it: the same again, now and then. */
void report_tick(void);
/* Later passes print no points and count only failures. */
void report_pass(u32 pass, u32 of);
void report_quiet(bool quiet);
