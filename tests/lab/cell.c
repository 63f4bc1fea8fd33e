/* SPDX-License-Identifier: MIT */
#include "tests/lab/cell.h"

#include <asm/caps.h>

#include "kernel/printk.h"
#include "kernel/smp/cpumask.h"
#include "kernel/smp/percpu.h"
#include "kernel/string.h"
#include "tests/lab/check.h"
#include "tests/lab/high_ram.h"
#include "tests/lab/options.h"
#include "tests/lab/top_cache.h"

#define MAX_SCENARIOS 128u

extern const struct scenario __scenarios_start[], __scenarios_end[];

/* By name, but hw/ first, as the other groups build on what it shows. */
static bool comes_before(const struct scenario *a, const struct scenario *b)
{
	bool a_first = !strncmp(a->name, "hw/", 3), b_first = !strncmp(b->name, "hw/", 3);

	return a_first != b_first ? a_first : strcmp(a->name, b->name) < 0;
}

static const struct scenario *sorted[MAX_SCENARIOS];
static unsigned nr_scenarios;

/* A row that is not written as one would be run as something else, or hold for want of a script. */
static void refuse_unsound(const struct scenario *s)
{
	char problem[120];

	scenario_check(s, problem, sizeof(problem));
	if (problem[0])
		panic("scenario %s: %s", s->name ? s->name : "?", problem);
}

/* The linker's order means nothing. */
unsigned sort_scenarios(void)
{
	for (const struct scenario *s = __scenarios_start; s != __scenarios_end; s++) {
		unsigned at = nr_scenarios++;

		refuse_unsound(s);
		assert(nr_scenarios <= MAX_SCENARIOS);
		for (; at && comes_before(s, sorted[at - 1]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = s;
		if (at && !strcmp(sorted[at - 1]->name, s->name))
			panic("scenario %s: the name is used twice", s->name);
	}
	return nr_scenarios;
}

const struct scenario *scenario_at(unsigned index)
{
	return sorted[index];
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

/* An entry whose other half is not there yet: does it name the frame at its address mod 4 GiB? */
static bool torn_names_decoy(void)
{
	return !CAP_SPLIT_ENTRIES ||
	       mk_pte(1, 0).word[PRESENT_WORD] != mk_pte(0, 0).word[PRESENT_WORD];
}

static const char *missing_need(u32 needs)
{
	if (needs & NEED_SPLIT && !CAP_SPLIT_ENTRIES)
		return "not observable here: an entry is read in one access";
	if (needs & NEED_NOWAIT && !CAP_NOWAIT_FLUSH)
		return "not observable here: every flush waits for walkers";
	if (needs & NEED_ATOMIC64 && !CAP_ATOMIC64)
		return "not observable here: no access reads an entry of two words whole";
	if (needs & NEED_HW_AD && !CAP_HW_AD)
		return "not observable here: only the lock's holder writes entries";
	if (needs & NEED_SOFT_TLB && CAP_HW_WALKER)
		return "not observable here: hardware fills the TLB";
	if (needs & NEED_ASIDS && !CAP_ASIDS)
		return "not observable here: what a space left in the TLB is never taken for "
		       "another's";
	if (needs & NEED_IPI_FLUSH && CAP_BROADCAST_FLUSH)
		return "not observable here: an entry is cleared by the instruction that flushes "
		       "it everywhere";
	if (needs & NEED_BROADCAST && !CAP_BROADCAST_FLUSH)
		return "not observable here: no instruction reaches another CPU's TLB";
	if (needs & NEED_FOLDING && !CAP_DYNAMIC_FOLDING)
		return "not observable here: every space has the same levels";
	if (needs & NEED_STATIC && CAP_DYNAMIC_FOLDING)
		return "not observable here: levels are folded at run time";
	if (needs & NEED_NAP && !CAP_NAP)
		return "not observable here: a CPU that waits does not sleep";
	if (needs & NEED_HIGH_RAM && options.safe)
		return "safe: no frames above 4 GiB";
	if (needs & NEED_HIGH_RAM && high_ram_problem())
		return high_ram_problem();
	if (needs & NEED_HIGH_RAM && !torn_names_decoy())
		return "not observable here: the half with the present bit has the upper part of "
		       "the address";
	if (needs & NEED_TOP_CACHE && !PREALLOCATED_PMDS)
		return "not observable here: no CPU of the port keeps top-level entries in "
		       "registers";
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

/* The first value of the cell's that the command line has otherwise; VALUE_NONE: none. */
static u8 conflict(const struct cell *cell)
{
	for (const u8 *value = cell->values; *value; value++) {
		u8 asked = options.choice[value_info[*value].id];

		if (asked != VALUE_NONE && asked != *value)
			return *value;
	}
	return VALUE_NONE;
}

static bool has_value(const struct scenario *scenario, u8 wanted)
{
	for (unsigned k = 0; k < scenario->nr_cells; k++) {
		const struct cell *cell = &scenario->cells[k];

		if (cell->expect != EXPECT_HOLDS || conflict(cell) != VALUE_NONE)
			continue;
		for (const u8 *value = cell->values; *value; value++)
			if (*value == wanted)
				return true;
	}
	return false;
}

/* Scenarios that hold with this value of a choice, separated by commas: those of the same group,
 * or if it has none the first of another. */
static void shown_with(const struct scenario *instead_of, u8 value, char *names, size_t size)
{
	int used = 0;
	bool has_near = false;

	names[0] = 0;
	for (unsigned i = 0; i < nr_scenarios; i++) {
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

/* Which choice the row is about, and which rows have the algorithm of the command line. */
static const char *conflict_reason(const struct scenario *scenario, u8 value)
{
	static char text[180];
	const struct value_info *needed = &value_info[value];
	const struct value_info *asked = &value_info[options.choice[needed->id]];
	char names[100];
	int used = scnprintk(text, sizeof(text), "this row is about choice.%s=%s", needed->choice,
			     needed->value);

	shown_with(scenario, options.choice[needed->id], names, sizeof(names));
	if (names[0])
		scnprintk(text + used, sizeof(text) - (size_t)used, "; with %s=%s: run=%s",
			  asked->choice, asked->value, names);
	return text;
}

/* lab.idle= is for what has evidence of its roles' parts. */
static const char *idle_problem(const struct scenario *scenario)
{
	if (options.idle_role == MAX_ROLES)
		return NULL;
	if (scenario->roles_meet)
		return "no overlap: the roles meet, so none can be left idle";
	if (!strcmp(scenario->mode, "probe"))
		return "no overlap: no role of a probe can be left idle";
	return NULL;
}

const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell)
{
	const char *reason = missing_cpus(scenario);
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

unsigned scenario_roles(const struct scenario *scenario)
{
	unsigned n = 0;

	while (n < MAX_ROLES && scenario->roles[n].run)
		n++;
	return n;
}

void scenario_act_at(struct variant *v, unsigned role, enum race_point point)
{
	const struct step *script = v->scenario->script;

	for (unsigned i = 0; i < MAX_STEPS; i++)
		if (script[i].used && script[i].act && script[i].role == role &&
		    script[i].at == point)
			script[i].act(v);
}

/* A flush that walkers do not hold back needs another read and another table free than the default.
 */
static u8 implied(enum choice_id id, u8 flush)
{
	if (flush == VALUE_flush_nowait && id == CHOICE_pte_read)
		return CAP_ATOMIC64 ? VALUE_pte_read_atomic64 : VALUE_pte_read_seq;
	if (flush == VALUE_flush_nowait && id == CHOICE_table_free)
		return VALUE_table_free_grace;
	return choice_default[id];
}

void cell_choices(const struct cell *cell, u8 *choice)
{
	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = options.choice[id];
	for (const u8 *value = cell->values; *value; value++)
		choice[value_info[*value].id] = *value;
	if (choice[CHOICE_flush] == VALUE_NONE) /* first: it implies others */
		choice[CHOICE_flush] = choice_default[CHOICE_flush];
	for (unsigned id = 0; id < NR_CHOICES; id++)
		if (choice[id] == VALUE_NONE)
			choice[id] = implied(id, choice[CHOICE_flush]);
}

static bool says_flush(const struct cell *cell)
{
	bool says = options.choice[CHOICE_flush] != VALUE_NONE;

	for (const u8 *value = cell->values; *value; value++)
		says |= value_info[*value].id == CHOICE_flush;
	return says;
}

/* Where nothing is said of the flush: those of this port. Else those of flush=sync, on every port,
 * so that a row is called the same on all of them. */
void choices_unsaid(const struct cell *cell, u8 *choice)
{
	u8 flush = says_flush(cell) ? (u8)VALUE_flush_sync : choice_default[CHOICE_flush];

	for (unsigned id = 0; id < NR_CHOICES; id++)
		choice[id] = id == CHOICE_flush ? flush : implied(id, flush);
}

bool cell_must_break(const struct cell *cell)
{
	return cell->expect == EXPECT_BREAKS || cell->expect == EXPECT_HISTORICAL;
}

void cell_choices_text(const struct cell *cell, const u8 *choice, char *text, size_t size,
		       const char *form, const char *between)
{
	u8 unsaid[NR_CHOICES];
	int used = 0;

	text[0] = 0;
	choices_unsaid(cell, unsaid);
	for (unsigned id = 0; id < NR_CHOICES; id++) {
		const struct value_info *value = &value_info[choice[id]];

		if (choice[id] == unsaid[id])
			continue;
		used += scnprintk(text + used, size - (size_t)used, "%s", used ? between : "");
		used += scnprintk(text + used, size - (size_t)used, form, value->choice,
				  value->value);
	}
}

const char *cell_off_name(const struct cell *cell)
{
	return cell->off == NR_GUARDS ? "none" : guard_info[cell->off].name;
}
