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
/* Rounds of stress, for the lines of report_pass(). */
void report_rounds(u32 rounds, u32 overlaps);
/* Once all has run: names the modes of require= of which no variant was shown, and makes the run
 * incomplete. A row that was skipped or not observed is not shown. */
void report_required(void);
/* How far the pass is; eta: seconds left, about. Printed now and then, at the beginning (done 0)
 * and at the end of the first pass always. */
void report_progress(u32 done, u32 of, u32 eta);
/* Somebody is still at it: the same again, now and then. */
void report_tick(void);
/* A pass is over: a line for each, but at most one a second. of: how many were asked for, 0: until
 * something ends the soak. A pass after the first prints no points: of its rows only those that
 * came to something else than in the pass before ("ev=again"), with a witness if they break a rule
 * now. */
void report_pass(u32 of);
