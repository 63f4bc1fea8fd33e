/* SPDX-License-Identifier: MIT */
/* Runs the lab as the machine's job, cell by cell, in a fixed order. */
#include <asm/caps.h>
#include <asm/smp.h>

#include "kernel/div.h"
#include "kernel/finish.h"
#include "kernel/panic.h"
#include "kernel/printk.h"
#include "kernel/smp/job.h"
#include "kernel/smp/percpu.h"
#include "kernel/stray.h"
#include "kernel/string.h"
#include "tests/lab/basis.h"
#include "tests/lab/high_ram.h"
#include "tests/lab/list_scenarios.h"
#include "tests/lab/options.h"
#include "tests/lab/passes.h"
#include "tests/lab/plant.h"
#include "tests/lab/registry.h"
#include "tests/lab/replay.h"
#include "tests/lab/report.h"
#include "tests/lab/skip.h"
#include "tests/lab/soak.h"
#include "tests/lab/top_cache.h"

static unsigned nr_scenarios;

static const char *scenario_name(unsigned index)
{
	return scenario_at(index)->name;
}

static const char *scenario_finding(unsigned index)
{
	return scenario_at(index)->finding;
}

/* A scenario is a probe, or it has a script. Then it runs by the script, and in stress without. */
static bool has_mode(const struct scenario *scenario, enum lab_mode mode)
{
	return scenario->mode == (mode == MODE_PROBE ? MODE_PROBE : MODE_CHOREO);
}

static bool mode_selected(enum lab_mode mode)
{
	return option_asks_mode(mode_name[mode]);
}

static bool is_selected(const struct scenario *scenario, enum lab_mode mode)
{
	return has_mode(scenario, mode) && mode_selected(mode) && option_selects(scenario->name);
}

static unsigned count_cells(enum lab_mode mode)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr_scenarios; i++)
		for (unsigned k = 0; k < scenario_at(i)->nr_cells; k++)
			n += is_selected(scenario_at(i), mode) &&
			     !cell_is_explored(&scenario_at(i)->cells[k]);
	return n;
}

static struct variant variant;

static void run_once(const struct scenario *scenario, const struct cell *cell, enum lab_mode mode)
{
	unsigned tries = 0;
	struct outcome outcome;

	do {
		outcome = variant_run(&variant, scenario, cell, mode);
		tries++;
	} while (cell_must_break(cell) && tries < scenario->tries && outcome.verdict != VIOLATED &&
		 !outcome.complaint);
	if (basis_is_planted(scenario)) {
		lab_saw(&variant, "nothing: lab.broken= says so");
		outcome.verdict = VIOLATED;
	}
	report_cell(&variant, &outcome, tries);
}

/* Every stress cell has the same share of the time. */
static void run_stress(const struct scenario *scenario, const struct cell *cell)
{
	static struct histogram histogram;
	u64 budget = div_u64(options.seconds * 1000000000ull, count_cells(MODE_STRESS), NULL);
	struct outcome outcome = stress_run(&variant, scenario, cell, budget, &histogram);

	report_stress(&variant, &outcome, &histogram);
}

/* Returns a reason to skip the variant if a barrier is off on the command line, otherwise NULL.
 * A stop at a race point is itself a barrier, and so is most of the traffic between two
 * free-running CPUs. So a variant proves nothing when it holds. */
static const char *barrier_reason(void)
{
	static char text[160];

	for (unsigned id = 0; id < NR_GUARDS; id++) {
		if (!options.guard_off[id] || guard_info[id].kind != guard_kind_barrier)
			continue;
		snprintk(text, sizeof(text),
			 "not observable here: a barrier is missed by the explorer only: make explore ARGS='run=%s guard.%s=off'",
			 guard_info[id].scenario, guard_info[id].name);
		return text;
	}
	return NULL;
}

static u32 variants_cut; /* variants not reached before the end of the first pass */

/* Returns false if a later pass ends before the cell. */
static bool run_cell(const struct scenario *scenario, const struct cell *cell, enum lab_mode mode)
{
	const char *reason = soak_over(); /* once, because it may come true between two looks */

	if (reason && !pass_is_first())
		return false;
	variants_cut += reason != NULL;
	if (!reason)
		reason = cell_skip_reason(scenario, cell);
	if (!reason && mode != MODE_REPLAY)
		reason = barrier_reason();
	if (!reason)
		reason = broken_basis(scenario);
	panic_context(scenario->name);
	if (reason) {
		variant.scenario = scenario;
		variant.cell = cell;
		variant.mode = mode;
		cell_choices(cell, variant.choice);
		report_skipped(&variant, reason);
	} else if (mode == MODE_STRESS) {
		run_stress(scenario, cell);
	} else {
		run_once(scenario, cell, mode);
	}
	return true;
}

static u32 cells_done, cells_all; /* of this pass */

/* Only stress takes time, seconds= in all. */
static void tell_progress(unsigned stress_left, unsigned nr_stress)
{
	u32 eta = nr_stress ? (stress_left * options.seconds + nr_stress - 1) / nr_stress : 0;

	report_progress(cells_done, cells_all, eta);
}

static void run_mode(enum lab_mode mode, unsigned nr_stress)
{
	unsigned left = nr_stress;

	for (unsigned i = 0; i < nr_scenarios; i++) {
		const struct scenario *scenario = scenario_at(i);

		if (!is_selected(scenario, mode))
			continue;
		for (unsigned k = 0; k < scenario->nr_cells; k++) {
			if (cell_is_explored(&scenario->cells[k]))
				continue;
			if (!run_cell(scenario, &scenario->cells[k], mode))
				return;
			strays_report();
			cells_done++;
			left -= mode == MODE_STRESS;
			tell_progress(left, nr_stress);
		}
	}
}

static u32 count_all(void)
{
	return count_cells(MODE_PROBE) + count_cells(MODE_CHOREO) + count_cells(MODE_STRESS);
}

/* Tests of the machine come first, and the scenarios relying on it after them. */
static void run_all(void)
{
	unsigned nr_stress = count_cells(MODE_STRESS);

	cells_done = 0;
	cells_all = count_all();
	tell_progress(nr_stress, nr_stress);
	run_mode(MODE_PROBE, nr_stress);
	run_mode(MODE_CHOREO, nr_stress);
	run_mode(MODE_STRESS, nr_stress);
}

/* Returns the one scenario selected by run=. */
static const struct scenario *replayed(void)
{
	const struct scenario *found = NULL;

	for (unsigned i = 0; i < nr_scenarios; i++) {
		if (!option_selects(scenario_name(i)))
			continue;
		if (found)
			refuse("lab.replay= is a schedule of one scenario, and run= selects more than %s",
			       found->name);
		found = scenario_at(i);
	}
	return found;
}

static unsigned plan_replay(void)
{
	const struct scenario *scenario = replayed();

	replay_read(options.replay, scenario);
	return 1;
}

/* Each option is right, but together they select nothing. */
static _Noreturn void refuse_selection(void)
{
	for (unsigned i = 0; i < nr_scenarios; i++)
		if (option_selects(scenario_name(i)))
			printk("# valid: run=%s mode=%s\n", scenario_name(i),
			       has_mode(scenario_at(i), MODE_PROBE) ? "probe" : "choreo,stress");
	refuse("run= selects scenarios, and none of them runs by mode=%s; the list says what goes together",
	       options.mode);
}

static void run_pass(void)
{
	if (options.replay)
		run_cell(replayed(), replay_cell(), MODE_REPLAY);
	else
		run_all();
}

static void report_cut(void)
{
	if (!variants_cut)
		return;
	tally.incomplete = true;
	printk("# ev=missing what=\"%u variants: the first pass was ended before them (%s)\"\n",
	       variants_cut, soak_over());
}

/* Runs one pass as a rule. In a soak, passes go on until something ends it. The first pass then
 * still reports all its variants, but a later one only the variants it ran. */
static void run_passes(void)
{
	soak_begin();
	for (u32 pass = 1; !options.passes || pass <= options.passes; pass++) {
		pass_begin(pass);
		run_pass();
		if (soak_over())
			return;
		if (options.passes != 1)
			report_pass(options.passes);
	}
}

static void lab_main(void)
{
	nr_scenarios = sort_scenarios();
	option_check_patterns(scenario_name, nr_scenarios);
	option_check_known(scenario_finding, nr_scenarios);
	if (options.list)
		list_all(nr_scenarios);
	if (!options.replay && !count_all())
		refuse_selection();
	printk("# ev=lab seed=0x%x cpus=%u guards=%s passes=%u seconds=%u minutes=%u\n", run_seed,
	       cpumask_count(READ_ONCE(cpus_online)), options.stuck_guards ? "stuck" : "live",
	       options.passes, options.seconds, options.minutes);
	plant_announce();
	report_plan(options.replay ? plan_replay() : count_all());
	run_passes();
	report_cut();
	report_required();
	tally.incomplete |= !plant_report();
	list_guards();
}
MAIN_JOB("lab", lab_main);
