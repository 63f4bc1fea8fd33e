/* SPDX-License-Identifier: MIT */
/* tests/lab/main.c with a made-up lab of five rows around it. The lab notes each call. */
#pragma once
#include <stdio.h>
#include <string.h>

#include "tests/lab/main.c"
#include "tests/self/unit/did.h"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

struct tally tally;
struct options options;
u32 run_seed = 0xabc;

static const char *mode, *basis, *planted_basis, *over;
static unsigned over_after, plants_missed;
static struct outcome outcomes[4];
static unsigned nr_runs;

#define DID(...) snprintf(did + strlen(did), sizeof(did) - strlen(did), __VA_ARGS__)

#define C(...)                                                                                     \
	{                                                                                          \
		.off = NR_GUARDS, __VA_ARGS__                                                      \
	}
static const struct scenario rows[] = {
	{.name = "hw/a", .mode = MODE_PROBE, .nr_cells = 1, .cells = {C()}},
	{.name = "hw/b",
	 .mode = MODE_PROBE,
	 .finding = "F-001",
	 .nr_cells = 2,
	 .cells = {C(), C(.why = "no such RAM")}},
	{.name = "pte/a",
	 .mode = MODE_CHOREO,
	 .tries = 3,
	 .nr_cells = 3,
	 .cells = {C(), C(.from = FROM_TSO), C(.expect = EXPECT_BREAKS)}},
	{.name = "pte/x", .mode = MODE_EXPLORED, .nr_cells = 1, .cells = {C()}},
	{.name = "tlb/a",
	 .mode = MODE_CHOREO,
	 .nr_cells = 1,
	 .cells = {C(.expect = EXPECT_BREAKS)}},
};

const char *const mode_name[NR_MODES] = {
	[MODE_PROBE] = "probe",
	[MODE_CHOREO] = "choreo",
	[MODE_STRESS] = "stress",
	[MODE_REPLAY] = "replay",
};

unsigned sort_scenarios(void)
{
	return ARRAY_SIZE(rows);
}

const struct scenario *scenario_at(unsigned index)
{
	return &rows[index];
}

static unsigned cell_number(const struct scenario *scenario, const struct cell *cell)
{
	return (unsigned)(cell - scenario->cells);
}

const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell)
{
	(void)scenario;
	return cell->why;
}

bool cell_must_break(const struct cell *cell)
{
	return cell->expect == EXPECT_BREAKS;
}

void cell_choices(const struct cell *cell, u8 *choice)
{
	choice[0] = (u8)(cell->why != NULL);
}

/* run= is a name, a group alone, or NULL for all. */
bool option_selects(const char *name)
{
	return !options.run || !strncmp(name, options.run, strlen(options.run));
}

bool option_asks_mode(const char *asked)
{
	return !mode || !strcmp(mode, asked);
}

void option_check_patterns(const char *(*name)(unsigned i), unsigned n)
{
	DID("patterns:%u:%s ", n, name(1));
}

void option_check_known(const char *(*finding)(unsigned i), unsigned n)
{
	DID("known:%u:%s ", n, finding(1));
}

void lab_saw(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(v->saw, sizeof(v->saw), format, args);
	va_end(args);
}

const char *broken_basis(const struct scenario *scenario)
{
	return basis && !strcmp(basis, scenario->name) ? "builds on it" : NULL;
}

bool basis_is_planted(const struct scenario *scenario)
{
	return planted_basis && !strcmp(planted_basis, scenario->name);
}

void panic_context(const char *context)
{
	DID("[%s] ", context);
}

struct outcome variant_run(struct variant *v, const struct scenario *scenario,
			   const struct cell *cell, enum lab_mode how)
{
	*v = (struct variant){.scenario = scenario, .cell = cell, .mode = how};
	return outcomes[nr_runs++ % ARRAY_SIZE(outcomes)];
}

struct outcome stress_run(struct variant *v, const struct scenario *scenario,
			  const struct cell *cell, u64 budget_ns, struct histogram *h)
{
	*v = (struct variant){.scenario = scenario, .cell = cell, .mode = MODE_STRESS};
	h->rounds = 7;
	DID("budget:%llu ", (unsigned long long)budget_ns);
	return outcomes[0];
}

void report_cell(const struct variant *v, const struct outcome *outcome, unsigned tries)
{
	DID("%s#%u:%s:%s:%u%s%s ", v->scenario->name, cell_number(v->scenario, v->cell),
	    mode_name[v->mode], outcome->verdict == VIOLATED ? "violated" : "held", tries,
	    v->saw[0] ? ":" : "", v->saw);
	row_begin();
}

void report_stress(const struct variant *v, const struct outcome *outcome,
		   const struct histogram *h)
{
	DID("%s#%u:stress:%u:%u ", v->scenario->name, cell_number(v->scenario, v->cell),
	    outcome->verdict, h->rounds);
}

void report_skipped(const struct variant *v, const char *reason)
{
	DID("%s#%u:%s:skipped:%u:%s ", v->scenario->name, cell_number(v->scenario, v->cell),
	    mode_name[v->mode], v->choice[0], reason);
}

void report_progress(u32 done, u32 of, u32 eta)
{
	DID("%u/%u:%u ", done, of, eta);
}

void report_plan(unsigned n)
{
	DID("plan:%u ", n);
}

void report_pass(u32 of)
{
	DID("pass:%u/%u ", pass_number(), of);
}

void report_required(void)
{
	DID("required ");
}

static u32 pass = 1;

void pass_begin(u32 number)
{
	pass = number;
	DID("begin:%u ", number);
}

u32 pass_number(void)
{
	return pass;
}

void row_begin(void)
{
}

void soak_begin(void)
{
	DID("soak ");
}

/* True from that look on. */
const char *soak_over(void)
{
	if (over_after && !--over_after)
		over = "a key";
	return over;
}

void plant_announce(void)
{
	DID("announce ");
}

bool plant_report(void)
{
	DID("plants ");
	return !plants_missed;
}

void list_guards(void)
{
	DID("guards ");
}

_Noreturn void list_all(unsigned n)
{
	panic("listed %u", n);
}

void replay_read(const char *value, const struct scenario *scenario)
{
	DID("replay:%s:%s ", value, scenario->name);
}

const struct cell *replay_cell(void)
{
	return &rows[2].cells[2];
}

static inline void fresh(const char *run, const char *only)
{
	machine_reset();
	printed_reset();
	options = (struct options){.run = run, .passes = 1, .seconds = 10, .idle_role = MAX_ROLES};
	tally = (struct tally){0};
	mode = only;
	basis = planted_basis = over = NULL;
	over_after = plants_missed = nr_runs = variants_cut = 0;
	memset(outcomes, 0, sizeof(outcomes));
	did[0] = 0;
}

#define BEGINS "patterns:5:hw/b known:5:F-001 announce "
#define ENDS   "required plants guards "
