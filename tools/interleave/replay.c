/* SPDX-License-Identifier: MIT */
/* A schedule in words, or the reason why there is none. */
#include "tools/interleave/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/cmdline.h"
#include "kernel/hooks/guard.h"
#include "kernel/hooks/race.h"
#include "kernel/printk.h"
#include "tests/lab/options.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/journal.h"
#include "tools/interleave/schedule.h"
#include "tools/interleave/stop.h"
#include "tools/interleave/trace.h"
#include "tools/interleave/variant.h"

static bool asked;

static bool set_replay(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &asked);
}
OPTION(option_replay, "replay", "", set_replay, false);

static const char *role_name(unsigned cpu)
{
	return variant.scenario->roles[cpu].name;
}

/* Prints the options set besides the cell's own. */
static void print_options(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		if (options.guard_off[id])
			printk(" guard.%s=off", guard_info[id].name);
	for (unsigned id = 0; id < NR_CHOICES; id++)
		if (options.choice[id] != VALUE_NONE)
			printk(" choice.%s=%s", value_info[options.choice[id]].choice,
			       value_info[options.choice[id]].value);
}

static void print_command_line(const struct schedule *schedule)
{
	printk("options=\"run=%s", variant.scenario->name);
	print_options();
	printk(" lab.replay=%u:", (unsigned)(variant.cell - variant.scenario->cells));
	for (unsigned i = 0; i < schedule->nr; i++) {
		const struct place *place = &schedule->place[i];

		printk("%s%s@%s", i ? "," : "", role_name(place->cpu), race_name[place->point]);
		if (place->nth > 1)
			printk("#%u", place->nth);
	}
	printk("\"");
}

/* "step 3 of walker (read entry.low at read_halves:24)" */
static void say_step(const struct journal *journal, const struct result *result, unsigned step,
		     char *text, size_t size)
{
	char what[240];

	trace_say(&journal->ops[step - 1], what, sizeof(what));
	snprintf(text, size, "step %u of %s (%s)", step, role_name(result->path[step - 1].cpu),
		 what);
}

/* %s stands for the names of its steps. */
static const char *const obstacle_text[] = {
	[TORN] = "no race point lies between %s and %s, where %s has to come",
	[LATE] = "%s comes before %s, the handler of an interrupt that had been sent before",
	[UNKNOWN] = "%s, in an interrupt's handler, comes before %s, and nobody waits for its end",
	[NESTED] = "%s comes inside another's handler",
	[TOO_LONG] = "the CPUs take turns too often",
	[UNORDERED] = "a machine takes its interrupts in another order",
};

static void print_reason(const struct journal *journal, const struct schedule *schedule,
			 const struct result *result)
{
	char step[3][300] = {"", "", ""}, text[1000];

	for (unsigned i = 0; i < 3; i++)
		if (schedule->step[i])
			say_step(journal, result, schedule->step[i], step[i], sizeof(step[i]));

	snprintf(text, sizeof(text), obstacle_text[schedule->obstacle], step[0], step[1], step[2]);
	printk("reason=\"%s\"", text);
}

/* Returns the reason why there is nothing to translate, or NULL. */
static const char *not_an_end(const struct result *result)
{
	if (result->model != MEMORY_SC)
		return "it needs stores that wait in a buffer, and a race point is a barrier";
	if (variant.scenario->mode == MODE_EXPLORED)
		return "the explorer alone has this scenario";
	for (unsigned i = 0; i < result->nr_path; i++)
		if (result->path[i].kind == STEP_FILL)
			return "no machine can be told when its hardware translates unasked";
	if (stop_words)
		return "the kernel itself stops there, and nothing is judged";
	if (!cpus_over())
		return "it ends with CPUs that wait for each other";
	return NULL;
}

void print_replay(unsigned n, const struct exploration *what, const struct result *result)
{
	struct journal journal = {0};
	struct schedule schedule;
	char choices[160];
	const char *reason;

	if (!asked)
		return;
	if (result->model == MEMORY_SC && !model_filling)
		journal = journal_of(what, result);
	reason = not_an_end(result);
	cell_choices_text(variant.cell, variant.choice, choices, sizeof(choices), "%s=%s", ",");
	printk("# ev=replay n=%u scenario=%s guard=%s choices=%s roles=", n, variant.scenario->name,
	       cell_off_name(variant.cell), choices[0] ? choices : "-");
	for (unsigned role = 0; role < variant.nr_roles; role++)
		printk("%s%s", role ? "," : "", role_name(role));
	printk(" saw=\"%s\" ", result->what);
	if (reason) {
		printk("reason=\"%s\"", reason);
	} else {
		schedule = schedule_of(journal.items, journal.nr, guard(shootdown_wait));
		if (schedule.obstacle)
			print_reason(&journal, &schedule, result);
		else
			print_command_line(&schedule);
	}
	printk("\n");
	free(journal.items);
	free(journal.ops);
}
