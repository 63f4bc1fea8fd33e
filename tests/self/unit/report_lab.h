/* SPDX-License-Identifier: MIT */
/* tests/lab/report*.c with a made-up lab, and a row to report. */
#pragma once

#include "tests/lab/cell.c"
#include "tests/lab/passes.c"
#include "tests/lab/registry.c"
#include "tests/lab/report.c"
#include "tests/lab/report_progress.c"
#include "tests/lab/report_stress.c"
#include "tests/self/unit/printed.h"

struct tally tally;
struct options options;

static enum plant_id plant = NR_PLANTS;
static struct trace_entry trace[2];
static unsigned nr_trace, trace_lost;
static const char *script_missed, *knows, *requires;
static const struct scenario *basis_broken;

bool planted(enum plant_id id)
{
	return id == plant;
}

const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost)
{
	*nr = nr_trace;
	*lost = trace_lost;
	return trace;
}

bool choreo_missed(char *text, size_t size)
{
	if (script_missed)
		snprintf(text, size, "%s", script_missed);
	return script_missed;
}

bool option_knows(const char *finding)
{
	return knows && finding && !strcmp(knows, finding);
}

bool option_requires(const char *mode)
{
	return requires && !strcmp(requires, mode);
}

void basis_broke(const struct scenario *scenario)
{
	basis_broken = scenario;
}

void lab_evidence(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(v->evidence, sizeof(v->evidence), format, args);
	va_end(args);
}

/* Called by registry.c. */
void scenario_check(const struct scenario *s, char *problem, size_t size)
{
	(void)s;
	(void)size;
	problem[0] = 0;
}

static struct scenario scenario = {
	.name = "pte/one",
	.rule = "it holds",
	.reference = "a manual",
	.roles = {{"walker", NULL}, {"writer", NULL}},
};
static const struct cell holds = HOLDS(), breaks = BREAKS(shootdown, WITH(zap, split));
static struct variant v;

/* Makes a fresh first pass, and a variant of that cell, in choreo. */
static void row_of(const struct cell *cell)
{
	options = (struct options){.strict = true, .iters = 1000};
	tally = (struct tally){0};
	memset(shown, 0, sizeof(shown));
	nr_trace = trace_lost = 0;
	script_missed = knows = requires = NULL;
	basis_broken = NULL;
	scenario.finding = NULL;
	plant = NR_PLANTS;
	v = (struct variant){
		.scenario = &scenario, .cell = cell, .mode = MODE_CHOREO, .cpu = {3, 1}};
	strcpy(v.saw, "it broke");
	strcpy(v.evidence, "it was seen");
	cell_choices(cell, v.choice);
	printed_reset();
	pass_begin(1);
}
