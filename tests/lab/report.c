/* SPDX-License-Identifier: MIT */
/* Reports each variant, by its point, its cell of the matrix, and a witness. */
#include "tests/lab/report.h"

#include <asm/caps.h>

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/basis.h"
#include "tests/lab/choreo.h"
#include "tests/lab/options.h"
#include "tests/lab/passes.h"
#include "tests/lab/plant.h"
#include "tests/lab/trace.h"

static u32 shown[NR_MODES]; /* variants of the first pass, by mode */

static void print_cell(const struct variant *v, const char *result, u32 us, unsigned tries,
		       const char *key, const char *words)
{
	char choices[128], event[32] = "cell";

	if (!pass_is_first())
		snprintk(event, sizeof(event), "again pass=%u", pass_number());
	cell_choices_text(v->cell, v->choice, choices, sizeof(choices), "%s=%s", ",");
	printk("# ev=%s n=%u scenario=%s mode=%s guard=%s choices=%s result=%s ms=%u.%03u tries=%u %s=\"%s\"\n",
	       event, row_number(), v->scenario->name, mode_name[v->mode], cell_off_name(v->cell),
	       choices[0] ? choices : "-", result, us / 1000, us % 1000, tries, key, words);
}

/* A pass after the first prints no points, because it reports only news. */
static void print_point(const struct variant *v, bool ok, const char *directive)
{
	char choices[200], off[48] = "";

	if (!pass_is_first())
		return;
	cell_choices_text(v->cell, v->choice, choices, sizeof(choices), " choice.%s=%s", "");
	if (v->cell->off != NR_GUARDS)
		snprintk(off, sizeof(off), " guard.%s=off", cell_off_name(v->cell));
	printk("%s %u - %s/%s %s%s%s%s\n", ok ? "ok" : "not ok", row_number(), PORT_NAME,
	       v->scenario->name, mode_name[v->mode], choices, off, directive);
}

/* `saw` is the observation, or the missing one. */
static void print_witness(const struct variant *v, const char *saw)
{
	unsigned nr, lost;
	const struct trace_entry *trace = trace_entries(&nr, &lost);

	printk("# ev=witness n=%u pass=%u scenario=%s guard=%s rule=\"%s\" saw=\"%s\" see=\"%s\"\n",
	       row_number(), pass_number(), v->scenario->name, cell_off_name(v->cell),
	       v->scenario->rule, saw, v->scenario->reference);
	for (unsigned i = 0; i < nr; i++)
		printk("# ev=step n=%u cpu=%u role=%s at=%s:%u do=%s value=0x%llx file=%s\n",
		       i + 1, v->cpu[trace[i].role], v->scenario->roles[trace[i].role].name,
		       trace[i].site.function, trace[i].site.line, race_name[trace[i].site.point],
		       (unsigned long long)trace[i].value, source_file(trace[i].site.file));
	if (lost)
		printk("# ev=step_lost count=%u\n", lost);
}

void report_skipped(const struct variant *v, const char *reason)
{
	char directive[200];
	const char *result = strncmp(reason, "not observable", 14) ? "skipped" : "not_observable";

	row_begin();
	if (!row_ends(ROW_SKIPPED, result))
		return;
	print_cell(v, result, 0, 0, "reason", reason);
	snprintk(directive, sizeof(directive), " # SKIP %s", reason);
	print_point(v, true, directive);
}

static void passed(const struct variant *v, const struct outcome *outcome, unsigned tries,
		   const char *result)
{
	shown[v->mode] += pass_is_first();
	if (!row_ends(ROW_PASSED, result))
		return;
	if (outcome->verdict == VIOLATED && options.verbose)
		print_witness(v, v->saw);
	print_cell(v, result, outcome->us, tries, "evidence",
		   outcome->verdict == VIOLATED ? v->saw : v->evidence);
	print_point(v, true, "");
}

static void failed(const struct variant *v, const struct outcome *outcome, unsigned tries,
		   const char *result, const char *reason)
{
	if (!row_ends(ROW_FAILED, result))
		return;
	if (!strcmp(result, "violated") && v->scenario->finding)
		printk("# ev=finding n=%u id=%s scenario=%s\n", row_number(), v->scenario->finding,
		       v->scenario->name);
	if (outcome->verdict == VIOLATED)
		print_witness(v, v->saw);
	else if (outcome->verdict == NO_EVIDENCE && v->mode == MODE_CHOREO)
		print_witness(v, reason);
	print_cell(v, result, outcome->us, tries, "reason", reason);
	print_point(v, false, "");
}

/* If a broken variant was not seen to break, this is a failure only with strict. Without strict
 * nobody vouches for the machine, so it makes the run incomplete. */
static void not_broken(const struct variant *v, const struct outcome *outcome, unsigned tries,
		       const char *result, const char *reason)
{
	char directive[64];

	if (options.strict) {
		failed(v, outcome, tries, result, reason);
		return;
	}
	tally.incomplete = true;
	if (!row_ends(ROW_KNOWN, "not_observed"))
		return;
	print_cell(v, "not_observed", outcome->us, tries, "reason", reason);
	snprintk(directive, sizeof(directive), " # TODO not observed: %u tries", tries);
	print_point(v, false, directive);
}

/* The rule holds although the guard is off, because something else stands in for it. */
static void masked(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	shown[v->mode] += pass_is_first();
	if (!row_ends(ROW_PASSED, "masked"))
		return;
	print_cell(v, "masked", outcome->us, tries, "reason", v->cell->why);
	print_point(v, true, "");
}

/* If only the command line chose the algorithm, the script's points may not be on the way at all.
 * This says nothing about the rule. */
static bool choice_is_foreign(const struct variant *v)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		if (!v->cell->values[id] && options.choice[id] != VALUE_NONE &&
		    options.choice[id] != choice_default[id])
			return true;
	return false;
}

/* The machine is known to break this rule. docs/findings.md describes how, and known= says the
 * machine is this one. */
static void known(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	bool broken = outcome->verdict == VIOLATED;
	const char *result = broken ? "known" : "held";
	char directive[48];

	shown[v->mode] += pass_is_first();
	if (!row_ends(ROW_KNOWN, result))
		return;
	print_cell(v, result, outcome->us, tries, broken ? "reason" : "evidence",
		   broken ? v->saw : v->evidence);
	snprintk(directive, sizeof(directive), " # TODO known: %s%s", v->scenario->finding,
		 broken ? "" : ", which no longer shows");
	print_point(v, !broken, directive);
}

static void report_held(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	switch (v->cell->expect) {
	case EXPECT_HOLDS:
		passed(v, outcome, tries, "held");
		break;
	case EXPECT_MASKED:
		masked(v, outcome, tries);
		break;
	default:
		not_broken(v, outcome, tries, "not_caught", "the rule was not seen to break");
	}
}

/* Describes the judge's missing evidence and the end of the script, as far as one was played. */
static void evidence_missed(const struct variant *v, char *text, size_t size)
{
	char script[160] = "";
	unsigned nr, lost;

	trace_entries(&nr, &lost);
	if (lost)
		snprintk(script, sizeof(script), "%u events of the trace were lost", lost);
	else if (v->mode == MODE_CHOREO && !choreo_missed(script, sizeof(script)) && !v->saw[0])
		snprintk(script, sizeof(script),
			 "every step of the script was played, and yet the dangerous window was not entered");
	if (!v->saw[0] && !script[0])
		snprintk(text, size, "the dangerous window was not entered");
	else
		snprintk(text, size, "%s%s%s", v->saw, v->saw[0] && script[0] ? "; " : "", script);
}

static void no_evidence(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	char reason[sizeof(v->saw) + 170];

	evidence_missed(v, reason, sizeof(reason));
	if (cell_must_break(v->cell))
		not_broken(v, outcome, tries, "no_evidence", reason);
	else
		failed(v, outcome, tries, "no_evidence", reason);
}

static void report_violated(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	switch (v->cell->expect) {
	case EXPECT_BREAKS:
	case EXPECT_HISTORICAL:
		passed(v, outcome, tries, "caught");
		break;
	default:
		failed(v, outcome, tries, "violated", v->saw);
	}
}

void report_cell(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	if (outcome->verdict == NO_EVIDENCE && !outcome->complaint && choice_is_foreign(v)) {
		report_skipped(v, "with this choice the scenario's window does not exist");
		return;
	}
	if (outcome->verdict == NO_OVERLAP && !outcome->complaint) {
		report_skipped(v, v->saw);
		return;
	}
	row_begin();
	if (outcome->verdict == VIOLATED && !cell_must_break(v->cell))
		basis_broke(v->scenario);
	if (outcome->complaint)
		failed(v, outcome, tries, "broken", outcome->complaint);
	else if (outcome->verdict != NO_EVIDENCE && v->cell->expect == EXPECT_HOLDS &&
		 option_knows(v->scenario->finding))
		known(v, outcome, tries);
	else if (outcome->verdict == VIOLATED)
		report_violated(v, outcome, tries);
	else if (outcome->verdict == HELD)
		report_held(v, outcome, tries);
	else
		no_evidence(v, outcome, tries);
}

void report_required(void)
{
	tally.passed += planted(PLANT_count);
	for (enum lab_mode mode = MODE_PROBE; mode <= MODE_STRESS; mode++) {
		if (!option_requires(mode_name[mode]) || shown[mode])
			continue;
		tally.incomplete = true;
		printk("# ev=missing what=\"no %s variant was shown, and require=%s asks for one\"\n",
		       mode_name[mode], mode_name[mode]);
	}
}
