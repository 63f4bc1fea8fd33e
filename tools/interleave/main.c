/* SPDX-License-Identifier: MIT */
/* Explores every cell of every scenario under every memory model and reports the results. */
#include <asm/caps.h>
#include <asm/clock.h>

#include <stdio.h>
#include <stdlib.h>

#include "kernel/cmdline.h"
#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/list_scenarios.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"
#include "tests/lab/registry.h"
#include "tests/lab/skip.h"
#include "tools/interleave/follow.h"
#include "tools/interleave/harness.h"
#include "tools/interleave/lab.h"
#include "tools/interleave/pairs.h"
#include "tools/interleave/replay.h"
#include "tools/interleave/search.h"
#include "tools/interleave/selftest.h"
#include "tools/interleave/trace.h"

static enum memory_model only = NR_MEMORY_MODELS;
static u32 bound = 8000000;
static unsigned point;

static bool set_model(const char *rest, const char *value)
{
	(void)rest;
	for (unsigned m = 0; value && m < NR_MEMORY_MODELS; m++)
		if (!strcmp(value, memory_model_name[m])) {
			only = m;
			return true;
		}
	return value && !strcmp(value, "all");
}
OPTION(option_model, "model", "=sc|tso|pso|weak|all", set_model, false);

static bool set_bound(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &bound) && bound;
}
OPTION(option_bound, "bound", "=<states of a cell, from 1>", set_bound, false);

static bool whole, pairs;

static bool set_whole(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &whole);
}
OPTION(option_whole, "whole", "", set_whole, false);

static bool set_filling(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &lab_filling);
}
OPTION(option_filling, "filling", "", set_filling, false);

static bool set_pairs(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &pairs);
}
OPTION(option_pairs, "pairs", "", set_pairs, false);

static const char *role_name(unsigned cpu)
{
	return variant.scenario->roles[cpu].name;
}

static bool must_break(const struct cell *cell, enum memory_model model)
{
	return cell_must_break(cell) && model >= cell->from;
}

_Static_assert((int)BY_DEADLOCK == BREACH_DEADLOCK && (int)BY_STOP == BREACH_STOP &&
		       (int)BY_COMPLAINT == BREACH_COMPLAINT &&
		       (int)BY_LIVELOCK == BREACH_LIVELOCK && (int)BY_TLB == BREACH_TLB &&
		       (int)NR_ENDINGS == NR_BREACHES,
	       "a cell names what the search finds");
static const char *const breach_name[NR_BREACHES] = {
	[BREACH_JUDGE] = "judge",	  [BREACH_DEADLOCK] = "deadlock", [BREACH_STOP] = "stop",
	[BREACH_COMPLAINT] = "complaint", [BREACH_LIVELOCK] = "livelock", [BREACH_TLB] = "tlb",
};

/* Returns the breaches that match the ending named by the cell. */
static u32 wanted(const struct cell *cell)
{
	return BIT(cell->ending) | (cell->ending == BY_DEADLOCK ? (u32)BIT(BREACH_LIVELOCK) : 0);
}

static const char *verdict(const struct cell *cell, enum memory_model model,
			   const struct result *result)
{
	bool broken = result->ending == END_VIOLATED;

	if (result->ending == END_CUT_OFF)
		return "cut_off";
	if (broken)
		return must_break(cell, model) ? "caught" : "violated";
	if (!result->end[CLASS_HELD])
		return "no_evidence";
	if (must_break(cell, model))
		return "not_caught";
	return cell->expect == EXPECT_MASKED ? "masked" : "held";
}

static bool is_good(const char *name)
{
	return !strcmp(name, "caught") || !strcmp(name, "held") || !strcmp(name, "masked");
}

static void print_point(const struct cell *cell, enum memory_model model, bool ok,
			const char *directive)
{
	bool off = cell->off != NR_GUARDS;
	char choices[200];

	cell_choices_text(cell, variant.choice, choices, sizeof(choices), " choice.%s=%s", "");
	printk("%s %u - model/%s %s%s%s%s%s%s\n", ok ? "ok" : "not ok", point,
	       variant.scenario->name, memory_model_name[model], choices, off ? " guard." : "",
	       off ? cell_off_name(cell) : "", off ? "=off" : "", directive);
}

static void print_cell(const struct cell *cell, enum memory_model model, const char *name,
		       const struct result *result, const char *reason)
{
	char choices[160], ways[40] = "endless";
	unsigned us = (unsigned)(result->seconds * 1e6);

	cell_choices_text(cell, variant.choice, choices, sizeof(choices), "%s=%s", ",");
	if (result->ending == END_VIOLATED)
		snprintf(ways, sizeof(ways), "-");
	else if (result->interleavings >= 0)
		snprintf(ways, sizeof(ways), "%.4g", result->interleavings);
	printk("# ev=cell n=%u scenario=%s mode=%s guard=%s choices=%s result=%s by=%s ms=%u.%03u states=%u transitions=%llu interleavings=%s steps=%u bytes=%llu rounds=%u reason=\"%s\"\n",
	       point, variant.scenario->name, memory_model_name[model], cell_off_name(cell),
	       choices[0] ? choices : "-", name,
	       result->ending == END_VIOLATED ? breach_name[result->breach] : "-", us / 1000,
	       us % 1000, result->states, (unsigned long long)result->transitions, ways,
	       result->nr_path, (unsigned long long)result->bytes, result->rounds, reason);
}

static const char *reason_of(const struct cell *cell, const struct result *result)
{
	static char other[500];

	if (result->ending == END_VIOLATED)
		return result->what;
	if (result->other[0]) {
		snprintf(other, sizeof(other), "not broken as expected (%s), but: %s",
			 breach_name[cell->ending], result->other);
		return other;
	}
	if (result->ending == END_HOLDS && !result->end[CLASS_HELD])
		return "the dangerous window was not entered";
	return cell->why ? cell->why : "";
}

static void skip_cell(const struct cell *cell, enum memory_model model, const char *reason)
{
	static const struct result none;
	bool never = !strncmp(reason, "not observable", 14);
	char directive[200];

	tally.skipped++;
	print_cell(cell, model, never ? "not_observable" : "skipped", &none, reason);
	snprintk(directive, sizeof(directive), " # SKIP %s", reason);
	print_point(cell, model, true, directive);
}

static const char *skip_reason(const struct scenario *scenario, const struct cell *cell,
			       enum memory_model model)
{
	const char *reason = cell_skip_reason(scenario, cell);

	if (!reason && scenario->needs & NEED_NAP)
		reason = "not observable here: no timer ends a sleep";
	if (!reason && scenario->filling == FILLING_ALWAYS && !CAP_HW_WALKER)
		return "not observable here: software fills the TLB";
	if (!reason && scenario->too_large && !whole)
		return "too many states: say whole and a bound";
	if (!reason && scenario->explored_below && model >= scenario->explored_below && !whole)
		return "too many states in so weak a memory: say whole";
	return reason;
}

static void print_witness(const struct cell *cell, const struct exploration *what,
			  const struct result *result)
{
	printk("# ev=witness n=%u scenario=%s guard=%s rule=\"%s\" saw=\"%s\" see=\"%s\"\n", point,
	       variant.scenario->name, cell_off_name(cell), variant.scenario->rule, result->what,
	       variant.scenario->reference);
	trace_path(what, result, role_name);
}

static void report_progress(u32 states)
{
	printk("# ev=progress n=%u scenario=%s states=%u\n", point, variant.scenario->name, states);
}

/* A breach under a stronger memory model is one under this model too, by the same steps. If these
 * steps are possible here, no search is needed. */
static struct result search_cell(const struct exploration *what, const struct result *stronger)
{
	struct result result;

	if (stronger->ending == END_VIOLATED && stronger->path) {
		result = explore_path(what, stronger);
		if (result.ending == END_VIOLATED)
			return result;
		free(result.path);
	}
	return explore(what);
}

/* `first` is the counterexample to the same cell under the strongest model, or NULL. */
static void explore_cell(const struct scenario *scenario, const struct cell *cell,
			 enum memory_model model, struct result *first)
{
	const char *reason, *name;
	struct exploration what;
	struct result result;

	point++;
	variant_prepare(scenario, cell);
	reason = skip_reason(scenario, cell, model);
	if (reason) {
		skip_cell(cell, model, reason);
		return;
	}
	memory_model = model;
	what = lab_exploration(bound);
	what.whole = whole;
	what.progress = report_progress;
	if (must_break(cell, model))
		what.tolerated = ~wanted(cell);
	result = search_cell(&what, first);
	name = verdict(cell, model, &result);
	if (is_good(name))
		tally.passed++;
	else
		tally.failed++;
	if (result.ending == END_VIOLATED && (!is_good(name) || options.verbose))
		print_witness(cell, &what, &result);
	if (result.ending == END_VIOLATED && first->ending != END_VIOLATED)
		print_replay(point, &what, &result);
	print_cell(cell, model, name, &result, reason_of(cell, &result));
	print_point(cell, model, is_good(name), "");
	if (first->ending == END_VIOLATED)
		free(result.path);
	else
		*first = result;
}

static unsigned nr_scenarios;

/* run= selects from scenarios first, then from rows of harnesses. */
static const char *name_at(unsigned index)
{
	return index < nr_scenarios ? scenario_at(index)->name : harness_name(index - nr_scenarios);
}

static bool is_asked(unsigned row, enum memory_model model)
{
	return !pairs && option_selects(harness_name(row)) && harness_under(row, model) &&
	       (only == NR_MEMORY_MODELS || only == model);
}

static unsigned count_points(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr_scenarios; i++)
		n += option_selects(name_at(i)) ? scenario_at(i)->nr_cells : 0;
	if (only == NR_MEMORY_MODELS)
		n *= NR_MEMORY_MODELS;
	for (unsigned row = 0; row < harness_rows(); row++)
		for (unsigned m = 0; m < NR_MEMORY_MODELS; m++)
			n += is_asked(row, m);
	return n;
}

static void explore_row(unsigned row)
{
	for (unsigned m = 0; m < NR_MEMORY_MODELS; m++) {
		bool ok;

		if (!is_asked(row, m))
			continue;
		memory_model = m;
		ok = harness_run(row);
		*(ok ? &tally.passed : &tally.failed) += 1;
		printk("%s %u - model/%s %s\n", ok ? "ok" : "not ok", ++point, harness_name(row),
		       memory_model_name[m]);
	}
}

/* An earlier cell chooses the same, and is expected to hold. */
static bool is_repeated(const struct scenario *scenario, const struct cell *cell)
{
	for (const struct cell *c = scenario->cells; c != cell; c++)
		if (!cell_must_break(c) && !memcmp(c->values, cell->values, sizeof(c->values)))
			return true;
	return false;
}

/* Turns guards off by twos in a cell that must hold with all of them on. A cell with a masked guard
 * counts too, with this guard on. */
static void explore_pairs(const struct scenario *scenario, const struct cell *cell,
			  enum memory_model model)
{
	static struct cell whole_cell;
	const char *reason;
	bool ok;

	whole_cell = *cell;
	whole_cell.off = NR_GUARDS;
	variant_prepare(scenario, &whole_cell);
	reason = skip_reason(scenario, &whole_cell, model);
	if (!reason && (cell_must_break(cell) || is_repeated(scenario, cell)))
		reason = "pairs: once for each choice that holds";
	point++;
	if (reason) {
		skip_cell(cell, model, reason);
		return;
	}
	memory_model = model;
	ok = pairs_of(scenario, &whole_cell, bound);
	*(ok ? &tally.passed : &tally.failed) += 1;
	print_point(&whole_cell, model, ok, "");
}

static void explore_scenario(const struct scenario *scenario)
{
	for (unsigned k = 0; k < scenario->nr_cells; k++) {
		struct result first = {.ending = END_HOLDS};

		for (unsigned m = 0; m < NR_MEMORY_MODELS; m++)
			if (only != NR_MEMORY_MODELS && only != m)
				continue;
			else if (pairs)
				explore_pairs(scenario, &scenario->cells[k], m);
			else
				explore_cell(scenario, &scenario->cells[k], m, &first);
		free(first.path);
	}
}

static _Noreturn void list_everything(void)
{
	for (unsigned row = 0; row < harness_rows(); row++)
		if (option_selects(harness_name(row)))
			printk("# ev=scenario name=%s mode=explored guards=- rule=\"docs/explorer.md\"\n",
			       harness_name(row));
	list_all(nr_scenarios);
}

static void join_options(int argc, char **argv, char *line, size_t size)
{
	size_t used = 0;

	line[0] = 0;
	for (int i = 1; i < argc; i++) {
		used += (size_t)snprintf(line + used, size - used, i > 1 ? " %s" : "%s", argv[i]);
		if (used >= size)
			refuse("the options are longer than %zu characters", size - 1);
	}
}

int main(int argc, char **argv)
{
	static char line[1024]; /* run= points into it */

	clock_ns(); /* starts the clock */
	printk("TAP version 13\n");
	join_options(argc, argv, line, sizeof(line));
	printk("# ev=explorer machine=%s git=%s\n# ev=cmdline text=\"%s\"\n", MODEL_NAME,
	       ZAPWALK_GIT, line);
	cmdline_parse(line);
	nr_scenarios = sort_scenarios();
	if (pairs && !options.run)
		refuse("pairs: of which scenario? Valid: run=<scenario> pairs");
	option_check_patterns(name_at, nr_scenarios + harness_rows());
	if (options.list)
		list_everything();
	printk("# ev=lab bound=%u guards=%s\n", bound, options.stuck_guards ? "stuck" : "live");
	plant_announce();
	printk("1..%u\n", count_points());
	for (unsigned i = 0; i < nr_scenarios; i++)
		if (option_selects(name_at(i)))
			explore_scenario(scenario_at(i));
	for (unsigned row = 0; row < harness_rows(); row++)
		explore_row(row);
	tally.incomplete |= !plant_report();
	rooms_print();
	list_guards();
	finish();
}
