/* SPDX-License-Identifier: MIT */
#include "tests/lab/report.h"

#include <asm/caps.h>

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/choreo.h"
#include "tests/lab/options.h"

static unsigned point;
static bool quiet;

void report_quiet(bool on)
{
	quiet = on;
}

void report_guards(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		printk("# ev=guard name=%s kind=%s scenario=%s meaning=\"%s\"\n", guard_info[id].name,
		       guard_info[id].kind == guard_kind_step ? "step" : "barrier",
		       guard_info[id].scenario, guard_info[id].meaning);
}

void report_plan(unsigned n)
{
	printk("1..%u\n", n);
}

void report_list(const struct scenario *scenario)
{
	char kills[160] = "";
	int used = 0;

	for (unsigned i = 0; i < scenario->nr_kills; i++)
		used += snprintk(kills + used, sizeof(kills) - (size_t)used, used ? ",%s" : "%s",
				 guard_info[scenario->kills[i].guard].name);
	printk("# ev=scenario name=%s mode=%s guards=%s rule=\"%s\"\n", scenario->name, scenario->mode,
	       used ? kills : "-", scenario->rule);
}

void report_pass(u32 pass, u32 of)
{
	printk("# ev=pass n=%u of=%u passed=%u failed=%u skipped=%u\n", pass, of, tally.passed,
	       tally.failed, tally.skipped);
}

/* "zap=split,..." of choices that are not the default; "-": none. */
static void choices_text(char *text, size_t size, const char *form, const char *between)
{
	int used = 0;

	text[0] = 0;
	for (unsigned id = 0; id < NR_CHOICES; id++) {
		const struct value_info *value = &value_info[options.choice[id]];

		if (options.choice[id] == choice_default(id))
			continue;
		used += snprintk(text + used, size - (size_t)used, "%s", used ? between : "");
		used += snprintk(text + used, size - (size_t)used, form, value->choice, value->value);
	}
}

static const char *off_name(const struct cell *cell)
{
	return cell->off == NR_GUARDS ? "none" : guard_info[cell->off].name;
}

static void print_cell(const struct cell *cell, const char *result, u32 us, unsigned tries,
		       const char *key, const char *words)
{
	char choices[96];

	choices_text(choices, sizeof(choices), "%s=%s", ",");
	printk("# ev=cell n=%u scenario=%s mode=%s guard=%s choices=%s result=%s ms=%u.%03u tries=%u "
	       "%s=\"%s\"\n",
	       point, cell->scenario->name, cell->scenario->mode, off_name(cell),
	       choices[0] ? choices : "-", result, us / 1000, us % 1000, tries, key, words);
}

static void print_point(const struct cell *cell, bool ok, const char *directive)
{
	char choices[96], off[48] = "";

	choices_text(choices, sizeof(choices), " choice.%s=%s", "");
	if (cell->off != NR_GUARDS)
		snprintk(off, sizeof(off), " guard.%s=off", off_name(cell));
	printk("%s %u - %s/%s %s%s%s%s\n", ok ? "ok" : "not ok", point, PORT_NAME, cell->scenario->name,
	       cell->scenario->mode, choices, off, directive);
}

static void print_witness(const struct cell *cell, const struct variant *v)
{
	unsigned nr, lost;
	const struct trace_entry *trace = choreo_trace(&nr, &lost);

	printk("# ev=witness n=%u scenario=%s guard=%s rule=\"%s\" saw=\"%s\" see=\"%s\"\n", point,
	       cell->scenario->name, off_name(cell), cell->scenario->rule, v->saw,
	       cell->scenario->reference);
	for (unsigned i = 0; i < nr; i++)
		printk("# ev=step n=%u cpu=%u role=%s at=%s:%u do=%s value=0x%llx\n", i + 1,
		       v->cpu[trace[i].role], cell->scenario->roles[trace[i].role].name,
		       trace[i].site.function, trace[i].site.line, race_name[trace[i].site.point],
		       (unsigned long long)trace[i].value);
	if (lost)
		printk("# ev=step_lost count=%u\n", lost);
}

void report_skipped(const struct cell *cell)
{
	char directive[200];

	tally.skipped++;
	point++;
	if (quiet)
		return;
	print_cell(cell, "skipped", 0, 0, "reason", cell->skip);
	snprintk(directive, sizeof(directive), " # SKIP %s", cell->skip);
	print_point(cell, true, directive);
}

static void passed(const struct cell *cell, const char *result, const struct variant *v,
		   const struct outcome *outcome, unsigned tries)
{
	tally.passed++;
	if (quiet)
		return;
	if (outcome->verdict == VIOLATED && options.verbose)
		print_witness(cell, v);
	print_cell(cell, result, outcome->us, tries, "evidence",
		   outcome->verdict == VIOLATED ? v->saw : v->evidence);
	print_point(cell, true, "");
}

static void failed(const struct cell *cell, const char *result, const struct variant *v,
		   const struct outcome *outcome, unsigned tries, const char *reason)
{
	tally.failed++;
	if (outcome->verdict == VIOLATED)
		print_witness(cell, v);
	print_cell(cell, result, outcome->us, tries, "reason", reason);
	if (!quiet)
		print_point(cell, false, "");
}

/* On a machine that nobody vouched for (no strict), a broken variant that was not seen to break is no
 * failure, but the run is incomplete. */
static void not_caught(const struct cell *cell, const struct variant *v,
		       const struct outcome *outcome, unsigned tries)
{
	char directive[64];

	if (options.strict) {
		failed(cell, "not_caught", v, outcome, tries, "the rule was not seen to break");
		return;
	}
	tally.incomplete = true;
	tally.known++;
	if (quiet)
		return;
	print_cell(cell, "not_observed", outcome->us, tries, "reason", "the rule was not seen to break");
	snprintk(directive, sizeof(directive), " # TODO not observed: %u tries", tries);
	print_point(cell, false, directive);
}

/* Another algorithm may not pass the script's points at all: that says nothing about the rule. */
static bool choices_are_default(void)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		if (options.choice[id] != choice_default(id))
			return false;
	return true;
}

void report_cell(const struct cell *cell, const struct variant *v, const struct outcome *outcome,
		 unsigned tries)
{
	struct cell other = *cell;

	if (outcome->verdict == NO_EVIDENCE && !outcome->complaint && !choices_are_default()) {
		other.skip = "with this choice the scenario's window does not exist";
		report_skipped(&other);
		return;
	}
	point++;
	if (outcome->complaint)
		failed(cell, "broken", v, outcome, tries, outcome->complaint);
	else if (cell->off != NR_GUARDS && outcome->verdict == VIOLATED)
		passed(cell, "caught", v, outcome, tries);
	else if (cell->off != NR_GUARDS)
		not_caught(cell, v, outcome, tries);
	else if (outcome->verdict == HELD)
		passed(cell, "held", v, outcome, tries);
	else if (outcome->verdict == VIOLATED)
		failed(cell, "violated", v, outcome, tries, v->saw);
	else
		failed(cell, "no_evidence", v, outcome, tries, "the dangerous window was not entered");
}
