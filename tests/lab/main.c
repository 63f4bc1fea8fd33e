/* SPDX-License-Identifier: MIT */
/* The lab as the machine's job: which cells there are, in which order, and running them. */
#include <asm/caps.h>
#include <asm/smp.h>

#include "kernel/div.h"
#include "kernel/finish.h"
#include "kernel/job.h"
#include "kernel/panic.h"
#include "kernel/percpu.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/high.h"
#include "tests/lab/options.h"
#include "tests/lab/report.h"
#include "tests/lab/top.h"

extern const struct scenario __scenarios_start[], __scenarios_end[];

/* By name, but hw/ first, as the other groups build on what it shows. */
static bool comes_before(const struct scenario *a, const struct scenario *b)
{
	bool a_first = !strncmp(a->name, "hw/", 3), b_first = !strncmp(b->name, "hw/", 3);

	return a_first != b_first ? a_first : strcmp(a->name, b->name) < 0;
}

#define MAX_SCENARIOS 128u

static const struct scenario *sorted[MAX_SCENARIOS];
static unsigned nr_scenarios;

/* The linker's order means nothing. */
static void sort_scenarios(void)
{
	for (const struct scenario *s = __scenarios_start; s != __scenarios_end; s++) {
		unsigned at = nr_scenarios++;

		assert(nr_scenarios <= MAX_SCENARIOS);
		for (; at && comes_before(s, sorted[at - 1]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = s;
	}
}

static const char *scenario_name(unsigned index)
{
	return sorted[index]->name;
}

static const char *scenario_finding(unsigned index)
{
	return sorted[index]->finding;
}

static unsigned online_count(void)
{
	return cpumask_count(READ_ONCE(cpus_online));
}

static const char *missing_cpus(const struct scenario *scenario)
{
	static const char *const more[] = {"needs 2 CPUs", "needs 3 CPUs", "needs 4 CPUs"};
	unsigned least = scenario->needs & NEED_ALL_CPUS ? 2 : scenario_roles(scenario);

	return least > online_count() ? more[least - 2] : NULL;
}

static const char *missing_need(u32 needs)
{
	if (needs & NEED_SPLIT && !CAP_SPLIT_ENTRIES)
		return "not observable here: an entry is read in one access";
	if (needs & NEED_NOSYNC && !CAP_NOSYNC_FLUSH)
		return "not observable here: every flush waits for walkers";
	if (needs & NEED_ATOMIC64 && !CAP_ATOMIC64)
		return "not observable here: no access reads an entry of two words whole";
	if (needs & NEED_ONE_VALID && !CAP_ONE_VALID)
		return "not observable here: the hardware goes by a bit of the other half";
	if (needs & NEED_HW_AD && !CAP_HW_AD)
		return "not observable here: only the lock's holder writes entries";
	if (needs & NEED_IPI_FLUSH && CAP_BROADCAST_FLUSH)
		return "not observable here: an entry is cleared by the instruction that flushes "
		       "it everywhere";
	if (needs & NEED_BROADCAST && !CAP_BROADCAST_FLUSH)
		return "not observable here: no instruction reaches another CPU's TLB";
	if (needs & NEED_HIGH_RAM && options.safe)
		return "safe: no frames above 4 GiB";
	if (needs & NEED_HIGH_RAM)
		return high_ram_problem();
	if (needs & NEED_TOP_CACHE && !top_entries_cached())
		return "not observable here: the machine reads top-level entries on every walk, "
		       "see hw/pdpte";
	return NULL;
}

static bool other_guard_is_off(enum guard_id off)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		if (options.guard_off[id] && id != off)
			return true;
	return false;
}

static bool choice_conflicts(const struct cell *cell)
{
	for (const u8 *value = cell->values; *value; value++) {
		u8 asked = options.choice[value_info[*value].id];

		if (asked != VALUE_NONE && asked != *value)
			return true;
	}
	return false;
}

static const char *skip_reason(const struct scenario *scenario, const struct cell *cell)
{
	const char *reason = missing_cpus(scenario);
	u8 choice[NR_CHOICES];

	if (!reason)
		reason = missing_need(scenario->needs | cell->needs);
	if (reason)
		return reason;
	if (choice_conflicts(cell))
		return "the command line chose another algorithm";
	cell_choices(cell, choice);
	if (CAP_BROADCAST_FLUSH && choice[CHOICE_flush] == VALUE_flush_sync)
		return "not observable here: no flush waits for walkers";
	if (cell->off != NR_GUARDS && other_guard_is_off(cell->off))
		return "another guard is off on the command line";
	return NULL;
}

/* A scenario is a probe, or it has a script: then it runs by the script, and in stress without. */
static bool has_mode(const struct scenario *scenario, enum lab_mode mode)
{
	return !strcmp(scenario->mode, "probe") == (mode == MODE_PROBE);
}

static bool mode_selected(enum lab_mode mode)
{
	static const char *const name[] = {
		[MODE_PROBE] = "probe", [MODE_CHOREO] = "choreo", [MODE_STRESS] = "stress"};

	return !options.mode || !strcmp(options.mode, name[mode]);
}

static bool is_selected(const struct scenario *scenario, enum lab_mode mode)
{
	return has_mode(scenario, mode) && mode_selected(mode) && option_selects(scenario->name);
}

static unsigned count_cells(enum lab_mode mode)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr_scenarios; i++)
		if (is_selected(sorted[i], mode))
			n += sorted[i]->nr_cells;
	return n;
}

static bool must_break(const struct cell *cell)
{
	return cell->expect == EXPECT_BREAKS || cell->expect == EXPECT_HISTORICAL;
}

static struct variant variant;

static void run_once(const struct scenario *scenario, const struct cell *cell, enum lab_mode mode)
{
	unsigned tries = 0, most = must_break(cell) && scenario->tries ? scenario->tries : 1;
	struct outcome outcome;

	do {
		outcome = variant_run(&variant, scenario, cell, mode);
		tries++;
	} while (tries < most && outcome.verdict != VIOLATED && !outcome.complaint);
	report_cell(&variant, &outcome, tries);
}

/* Every stress cell has the same share of the time. */
static void run_stress(const struct scenario *scenario, const struct cell *cell, unsigned nr_cells)
{
	static struct histogram histogram;
	u64 budget = div_u64(options.seconds * 1000000000ull, nr_cells, NULL);
	struct outcome outcome = stress_run(&variant, scenario, cell, budget, &histogram);

	report_stress(&variant, &outcome, &histogram);
}

static void run_cell(const struct scenario *scenario, const struct cell *cell, enum lab_mode mode,
		     unsigned nr_cells)
{
	const char *reason = skip_reason(scenario, cell);

	panic_context(scenario->name);
	if (reason) {
		variant.scenario = scenario;
		variant.cell = cell;
		variant.mode = mode;
		cell_choices(cell, variant.choice);
		report_skipped(&variant, reason);
	} else if (mode == MODE_STRESS) {
		run_stress(scenario, cell, nr_cells);
	} else {
		run_once(scenario, cell, mode);
	}
}

static void run_mode(enum lab_mode mode)
{
	unsigned nr = count_cells(mode), done = 0;

	for (unsigned i = 0; i < nr_scenarios; i++) {
		const struct scenario *scenario = sorted[i];

		if (!is_selected(scenario, mode))
			continue;
		for (unsigned k = 0; k < scenario->nr_cells; k++) {
			run_cell(scenario, &scenario->cells[k], mode, nr);
			if (mode == MODE_STRESS && ++done % 4 == 0)
				report_progress(done, nr, (nr - done) * options.seconds / nr);
		}
	}
}

/* What takes the machine for granted comes after what tests it. */
static void run_all(void)
{
	run_mode(MODE_PROBE);
	run_mode(MODE_CHOREO);
	run_mode(MODE_STRESS);
}

static _Noreturn void list_all(void)
{
	report_guards();
	for (unsigned i = 0; i < nr_scenarios; i++)
		if (option_selects(scenario_name(i)))
			report_list(sorted[i]);
	printk("1..0 # SKIP list only\n");
	finish_listed();
}

static void lab_main(void)
{
	sort_scenarios();
	option_check_patterns(scenario_name, nr_scenarios);
	option_check_known(scenario_finding, nr_scenarios);
	if (options.list)
		list_all();
	printk("# ev=lab seed=0x%x cpus=%u guards=%s\n", run_seed, online_count(),
	       options.stuck_guards ? "stuck" : "live");
	report_plan(count_cells(MODE_PROBE) + count_cells(MODE_CHOREO) + count_cells(MODE_STRESS));
	for (u32 pass = 1; !options.passes || pass <= options.passes; pass++) {
		run_all();
		report_quiet(true);
		if (options.passes != 1)
			report_pass(pass, options.passes);
	}
	report_guards();
}
MAIN_JOB("lab", lab_main);
