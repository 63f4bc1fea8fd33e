/* SPDX-License-Identifier: MIT */
/* The lab's output. Each TAP point is one cell of the matrix, and a broken rule has a witness. */
#pragma once

#include "tests/lab/stress.h"

void report_plan(unsigned n);
/* Reports one point. Judges the outcome against the expectation of the cell and counts it in the
 * tally. v has at least scenario, cell and choice. */
void report_skipped(const struct variant *v, const char *reason);
void report_cell(const struct variant *v, const struct outcome *outcome, unsigned tries);
/* As report_cell(), for a stress cell. v and outcome are those of the deciding round. */
void report_stress(const struct variant *v, const struct outcome *outcome,
		   const struct histogram *h);
/* Adds rounds of stress, for the lines of report_pass(). */
void report_rounds(u32 rounds, u32 overlaps);
/* Call once all has run. Names the modes of require= without a shown variant, and makes the run
 * incomplete for them. A variant skipped or not observed is not shown. */
void report_required(void);
/* Reports how far the pass is. eta is in seconds, roughly. Prints now and then, and always at the
 * beginning (done 0) and at the end of the first pass. */
void report_progress(u32 done, u32 of, u32 eta);
/* Prints the same again now and then, to show the variant is still at work. */
void report_tick(void);
/* Prints a line at the end of each pass, but at most one a second. `of` is the number of passes
 * asked for, or 0 if something else ends the soak. A pass after the first prints no points. It
 * prints only the variants with another result than in the pass before ("ev=again"), with a
 * witness if they break a rule now. */
void report_pass(u32 of);
