/* SPDX-License-Identifier: MIT */
/* Finds why a cell is not run, for want of a need or because of the command line. */
#include "tests/lab/skip.h"

#include <asm/caps.h>

#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/cell.h"
#include "tests/lab/needs.h"
#include "tests/lab/options.h"
#include "tests/lab/registry.h"

static bool other_guard_is_off(enum guard_id off)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		if (options.guard_off[id] && id != off)
			return true;
	return false;
}

/* Returns the first value of the cell in conflict with the command line, VALUE_NONE if none is. */
static u8 conflict(const struct cell *cell)
{
	for (unsigned id = 0; id < NR_CHOICES; id++) {
		u8 value = cell->values[id], asked = options.choice[id];

		if (value != VALUE_NONE && asked != VALUE_NONE && asked != value)
			return value;
	}
	return VALUE_NONE;
}

static bool has_value(const struct scenario *scenario, u8 wanted)
{
	for (unsigned k = 0; k < scenario->nr_cells; k++) {
		const struct cell *cell = &scenario->cells[k];

		if (cell->expect == EXPECT_HOLDS && conflict(cell) == VALUE_NONE &&
		    cell->values[value_info[wanted].id] == wanted)
			return true;
	}
	return false;
}

/* Lists the scenarios that hold with this value of a choice, separated by commas. They are of the
 * same group, or if it has none, the first of another. */
static void shown_with(const struct scenario *instead_of, u8 value, char *names, size_t size)
{
	int used = 0;
	bool has_near = false;

	names[0] = 0;
	for (unsigned i = 0; i < scenario_count(); i++) {
		const struct scenario *scenario = scenario_at(i);
		bool near = !strncmp(scenario->name, instead_of->name, 3);

		if (scenario == instead_of || (!near && used) || !has_value(scenario, value))
			continue;
		if (near && !has_near)
			used = 0;
		has_near |= near;
		used += scnprintk(names + used, size - (size_t)used, used ? ",%s" : "%s",
				  scenario->name);
	}
}

/* Names the choice the variant is about, and the scenarios with the command line's value of it. */
static const char *conflict_reason(const struct scenario *scenario, u8 value)
{
	static char text[180];
	const struct value_info *needed = &value_info[value];
	const struct value_info *asked = &value_info[options.choice[needed->id]];
	char names[100];
	int used = scnprintk(text, sizeof(text), "this variant is about choice.%s=%s",
			     needed->choice, needed->value);

	shown_with(scenario, options.choice[needed->id], names, sizeof(names));
	if (names[0])
		scnprintk(text + used, sizeof(text) - (size_t)used, "; with %s=%s: run=%s",
			  asked->choice, asked->value, names);
	return text;
}

/* lab.idle= is only for scenarios with evidence of each role's part. */
static const char *idle_problem(const struct scenario *scenario)
{
	if (options.idle_role == MAX_ROLES)
		return NULL;
	if (scenario->roles_meet)
		return "no overlap: the roles meet, so none can be left idle";
	if (scenario->mode == MODE_PROBE)
		return "no overlap: no role of a probe can be left idle";
	return NULL;
}

const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell)
{
	const char *reason = missing_cpus(scenario_roles(scenario));
	u8 choice[NR_CHOICES];

	if (!reason)
		reason = missing_need(scenario->needs | cell->needs);
	if (reason)
		return reason;
	if (conflict(cell) != VALUE_NONE)
		return conflict_reason(scenario, conflict(cell));
	cell_choices(cell, choice);
	if (CAP_BROADCAST_FLUSH && choice[CHOICE_flush] == VALUE_flush_sync)
		return "not observable here: no flush waits for walkers";
	if (idle_problem(scenario))
		return idle_problem(scenario);
	if (cell->off != NR_GUARDS && other_guard_is_off(cell->off))
		return "another guard is off on the command line";
	return NULL;
}
