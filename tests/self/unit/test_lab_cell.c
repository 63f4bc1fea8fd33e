/* SPDX-License-Identifier: MIT */
/* tests/lab/cell.c: the rows in their order, what each cell chooses, and why one is not run, on a
 * port that has whatever a test says. */
#include <stdio.h>
#include <string.h>

#include "tests/lab/high_ram.h"
#include "tests/lab/lab.h"
#include "tests/lab/top_cache.h"

static struct {
	bool split, nowait, atomic64, hw_ad, hw_walker, asids, broadcast, folding, nap, top_tables;
} cap;
#undef CAP_SPLIT_ENTRIES
#undef CAP_NOWAIT_FLUSH
#undef CAP_ATOMIC64
#undef CAP_HW_AD
#undef CAP_HW_WALKER
#undef CAP_ASIDS
#undef CAP_BROADCAST_FLUSH
#undef CAP_DYNAMIC_FOLDING
#undef CAP_NAP
#undef PREALLOCATED_PMDS
#define CAP_SPLIT_ENTRIES   cap.split
#define CAP_NOWAIT_FLUSH    cap.nowait
#define CAP_ATOMIC64	    cap.atomic64
#define CAP_HW_AD	    cap.hw_ad
#define CAP_HW_WALKER	    cap.hw_walker
#define CAP_ASIDS	    cap.asids
#define CAP_BROADCAST_FLUSH cap.broadcast
#define CAP_DYNAMIC_FOLDING cap.folding
#define CAP_NAP		    cap.nap
#define PREALLOCATED_PMDS   cap.top_tables

#include "tests/lab/cell.c"
#include "tests/lab/registry.c"
#include "tests/lab/skip.c"
#include "tests/lab/needs.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

struct options options;

static const char *high_ram, *unsound;
static bool top_cached;

const char *high_ram_problem(void)
{
	return high_ram;
}

bool top_entries_cached(void)
{
	return top_cached;
}

void scenario_check(const struct scenario *s, char *problem, size_t size)
{
	snprintf(problem, size, "%s",
		 unsound && !strcmp(unsound, s->name ? s->name : "?") ? "why" : "");
}

static void run(struct variant *v)
{
	(void)v;
}

static void act(struct variant *v)
{
	v->nr_frames++;
}

static const struct cell holds = {.off = NR_GUARDS},
			 split = {.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
			 broken = {.expect = EXPECT_BREAKS,
				   .off = GUARD_shootdown,
				   .values = {[CHOICE_flush] = VALUE_flush_nowait}};

#define ROW(identifier, row_name, ...)                                                             \
	SCENARIO(identifier) = {.name = row_name,                                                  \
				.mode = MODE_CHOREO,                                                  \
				.roles = {{"walker", run}, {"writer", run}},                       \
				__VA_ARGS__}
/* Not in their order. */
ROW(walk_a, "walk/a", .nr_cells = 1, .cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}}});
ROW(pte_b, "pte/b", .nr_cells = 2,
    .cells = {{.off = NR_GUARDS},
	      {.off = NR_GUARDS, .values = {[CHOICE_pte_read] = VALUE_pte_read_seq, [CHOICE_zap] = VALUE_zap_split}}});
ROW(hw_z, "hw/z", .nr_cells = 1, .cells = {{.off = NR_GUARDS}});
ROW(pte_a, "pte/a", .nr_cells = 2,
    .cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
	      {.expect = EXPECT_HISTORICAL, .off = NR_GUARDS, .values = {[CHOICE_pte_read] = VALUE_pte_read_seq}}});
ROW(hw_a, "hw/a", .nr_cells = 1, .cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_atomic}}});
ROW(tlb_a, "tlb/a", .nr_cells = 1, .cells = {{.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}}});

static struct scenario scenario;

static void fresh(void)
{
	machine_reset();
	options = (struct options){.idle_role = MAX_ROLES};
	high_ram = unsound = NULL;
	top_cached = true;
	memset(&cap, 0, sizeof(cap));
	cap.split = cap.nowait = cap.atomic64 = cap.hw_ad = cap.hw_walker = true;
	scenario = (struct scenario){
		.name = "pte/one", .mode = MODE_CHOREO, .roles = {{"walker", run}, {"writer", run}}};
}

static bool is(const char *text, const char *expected)
{
	bool same = text && expected ? !strcmp(text, expected) : text == expected;

	if (!same)
		printf("# it was <%s>\n", text ? text : "nothing");
	return same;
}

static void test_order(void)
{
	static const char *const names[] = {"hw/a", "hw/z", "pte/a", "pte/b", "tlb/a", "walk/a"};

	fresh();
	CHECK(sort_scenarios() == ARRAY_SIZE(names), "every row is there");
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		CHECK(is(scenario_at(i)->name, names[i]), "%s is row %u", names[i], i);
	CHECK(PANICS(sort_scenarios()) && panic_says("scenario ") &&
		      panic_says(": the name is used twice"),
	      "a name that is used twice is refused");
	nr_sorted = 0;
	unsound = "hw/z";
	CHECK(PANICS(sort_scenarios()) && panic_says("scenario hw/z: why"),
	      "and a row that is not written as one");
	unsound = "?";
	CHECK(PANICS(refuse_unsound(&(struct scenario){.name = NULL})) &&
		      panic_says("scenario ?: why"),
	      "it may have no name");
	fresh();
	nr_sorted = 0;
	sort_scenarios();
}

static void test_roles(void)
{
	static const struct step acts[] = {
		STEP_ACT(1, zap_done, act),
		STEP_ACT(1, zap_done, act),
		STEP(1, zap_done),
		STEP_ACT(0, zap_done, act),
	};
	struct scenario four = {.roles = {{"a", run}, {"b", run}, {"c", run}, {"d", run}}};
	struct variant v = {.scenario = &scenario};

	fresh();
	CHECK(scenario_roles(&scenario) == 2 && scenario_roles(&four) == 4, "how many roles");
	scenario.script = (struct script)STEPS(acts);
	scenario_act_at(&v, 1, RACE_zap_done);
	CHECK(v.nr_frames == 2, "each act of the role's at the point");
	scenario_act_at(&v, 1, RACE_walk_begin);
	scenario_act_at(&v, 2, RACE_zap_done);
	CHECK(v.nr_frames == 2, "none at another, and none of another role's");
	scenario_act_at(&v, 0, RACE_zap_done);
	CHECK(v.nr_frames == 3, "the last place too");
}

static bool skipped(const struct cell *cell, const char *reason)
{
	return is(cell_skip_reason(&scenario, cell), reason);
}

static void test_cpus(void)
{
	fresh();
	CHECK(skipped(&holds, NULL), "as many CPUs as roles");
	cpus_online = 1;
	CHECK(skipped(&holds, "needs 2 CPUs"), "one too few");
	scenario.roles[2] = scenario.roles[0];
	cpus_online = 6;
	CHECK(skipped(&holds, "needs 3 CPUs"), "for three");
	scenario.roles[3] = scenario.roles[0];
	CHECK(skipped(&holds, "needs 4 CPUs"), "for four");
	cpus_online = 15;
	CHECK(skipped(&holds, NULL), "four are enough");
	scenario.roles[1] = scenario.roles[2] = scenario.roles[3] = (struct role){0};
	scenario.needs = NEED_ALL_CPUS;
	cpus_online = 3;
	CHECK(skipped(&holds, NULL), "a row of all CPUs needs two");
	cpus_online = 1;
	CHECK(skipped(&holds, "needs 2 CPUs"), "and not one");
}

/* With the capability as it is said, the row is skipped with that reason; the other way it is not.
 */
#define NEEDS(need, capability, value, reason)                                                     \
	do {                                                                                       \
		struct cell cell_ = holds;                                                         \
                                                                                                   \
		fresh();                                                                           \
		cap.hw_walker = (need) != NEED_SOFT_TLB;                                           \
		cell_.needs = (need);                                                              \
		cap.capability = (value);                                                          \
		CHECK(skipped(&cell_, reason), "needed of a cell: %s", reason);                    \
		scenario.needs = (need);                                                           \
		CHECK(skipped(&holds, reason), "of a scenario: %s", reason);                       \
		cap.capability = !(value);                                                         \
		if (cap.broadcast)                                                                 \
			options.choice[CHOICE_flush] = VALUE_flush_nowait;                         \
		CHECK(skipped(&holds, NULL), "and not where the port is otherwise");               \
		cap.capability = (value);                                                          \
		scenario.needs = 0;                                                                \
		options.choice[CHOICE_flush] = VALUE_flush_nowait;                                 \
		CHECK(skipped(&holds, NULL), "nor where it is not needed");                        \
	} while (0)

static void test_needs(void)
{
	NEEDS(NEED_SPLIT, split, false, "not observable here: an entry is read in one access");
	NEEDS(NEED_NOWAIT, nowait, false, "not observable here: every flush waits for walkers");
	NEEDS(NEED_ATOMIC64, atomic64, false,
	      "not observable here: no access reads an entry of two words whole");
	NEEDS(NEED_HW_AD, hw_ad, false,
	      "not observable here: only the lock's holder writes entries");
	NEEDS(NEED_SOFT_TLB, hw_walker, true, "not observable here: hardware fills the TLB");
	NEEDS(NEED_ASIDS, asids, false,
	      "not observable here: what a space left in the TLB is never taken for another's");
	NEEDS(NEED_IPI_FLUSH, broadcast, true,
	      "not observable here: an entry is cleared by the instruction that flushes it "
	      "everywhere");
	NEEDS(NEED_BROADCAST, broadcast, false,
	      "not observable here: no instruction reaches another CPU's TLB");
	NEEDS(NEED_FOLDING, folding, false, "not observable here: every space has the same levels");
	NEEDS(NEED_STATIC, folding, true, "not observable here: levels are folded at run time");
	NEEDS(NEED_NAP, nap, false, "not observable here: a CPU that waits does not sleep");
	NEEDS(NEED_TOP_CACHE, top_tables, false,
	      "not observable here: no CPU of the port keeps top-level entries in registers");
	fresh();
	cap.top_tables = true;
	scenario.needs = NEED_TOP_CACHE;
	top_cached = false;
	CHECK(skipped(&holds, "not observable here: the machine reads top-level entries on every "
			      "walk, see hw/pdpte"),
	      "a machine that keeps none");
	scenario.needs = 0;
	CHECK(skipped(&holds, NULL), "where it does not matter");
}

static void test_high_ram(void)
{
	fresh();
	scenario.needs = NEED_HIGH_RAM;
	CHECK(skipped(&holds, NULL), "RAM above 4 GiB that is distinct");
	high_ram = "there is none";
	CHECK(skipped(&holds, "there is none"), "or why it is not");
	options.safe = true;
	CHECK(skipped(&holds, "safe: no frames above 4 GiB"), "and safe does not ask");
	scenario.needs = 0;
	CHECK(skipped(&holds, NULL), "where it does not matter");
}

static void test_conflicts(void)
{
	static const struct cell two = {.off = NR_GUARDS,
					.values = {[CHOICE_pte_read] = VALUE_pte_read_recheck, [CHOICE_zap] = VALUE_zap_atomic}};

	fresh();
	options.choice[CHOICE_zap] = VALUE_zap_split;
	CHECK(skipped(&split, NULL) && skipped(&holds, NULL),
	      "the same choice, or none of the cell's");
	CHECK(skipped(&two, "this variant is about choice.zap=atomic; with zap=split: run=pte/a,pte/b"),
	      "another one: which rows hold with it, of the same group");
	scenario.name = "tlb/x";
	CHECK(skipped(&two, "this variant is about choice.zap=atomic; with zap=split: run=tlb/a"),
	      "of another group");
	scenario.name = "gup/x";
	CHECK(skipped(&two, "this variant is about choice.zap=atomic; with zap=split: run=pte/a"),
	      "or the first of all if the group has none");
	CHECK(is(cell_skip_reason(&pte_b, &two),
		 "this variant is about choice.zap=atomic; with zap=split: run=pte/a"),
	      "itself is none of them");
	scenario.name = "pte/one";
	options.choice[CHOICE_zap] = VALUE_NONE;
	options.choice[CHOICE_pte_read] = VALUE_pte_read_seq;
	CHECK(skipped(&two, "this variant is about choice.pte_read=recheck; with pte_read=seq: "
			    "run=pte/b"),
	      "the first value that is otherwise, and only rows that hold");
	options.choice[CHOICE_zap] = VALUE_zap_atomic;
	CHECK(skipped(&two, "this variant is about choice.pte_read=recheck"),
	      "none if each of those chooses otherwise itself");
}

static void test_other_reasons(void)
{
	fresh();
	cap.broadcast = true;
	options.choice[CHOICE_flush] = VALUE_flush_sync;
	CHECK(skipped(&holds, "not observable here: no flush waits for walkers"),
	      "flush=sync where flushes are broadcast");
	CHECK(skipped(&(struct cell){.off = NR_GUARDS, .values = {[CHOICE_zap] = VALUE_zap_split}},
		      "not observable here: no flush waits for walkers"),
	      "whatever else the cell chooses");
	options.choice[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(skipped(&holds, NULL), "not flush=nowait");
	cap.broadcast = false;
	options.idle_role = 0;
	CHECK(skipped(&holds, NULL), "an idle role");
	scenario.mode = MODE_PROBE;
	CHECK(skipped(&holds, "no overlap: no role of a probe can be left idle"), "not of a probe");
	scenario.roles_meet = true;
	CHECK(skipped(&holds, "no overlap: the roles meet, so none can be left idle"),
	      "nor where they meet");
	options.idle_role = MAX_ROLES;
	CHECK(skipped(&holds, NULL), "which is nothing without an idle one");
	options.guard_off[GUARD_shootdown] = 1;
	CHECK(skipped(&holds, NULL) && skipped(&broken, NULL),
	      "a guard off, the same as the cell's");
	options.guard_off[NR_GUARDS - 1] = 1;
	CHECK(skipped(&holds, NULL) && skipped(&broken, "another guard is off on the command line"),
	      "or another one");
	options.guard_off[NR_GUARDS - 1] = 0;
	options.guard_off[0] = 1;
	CHECK(skipped(&broken, "another guard is off on the command line"), "the first of all too");
}

/* The choices of the cell are the defaults but for these. */
static bool chosen(const struct cell *cell, u8 a, u8 b, u8 c)
{
	u8 choice[NR_CHOICES], expected[NR_CHOICES];
	const u8 values[] = {a, b, c};

	memcpy(expected, choice_default, sizeof(expected));
	for (unsigned i = 0; i < 3; i++)
		if (values[i])
			expected[value_info[values[i]].id] = values[i];
	cell_choices(cell, choice);
	return !memcmp(choice, expected, sizeof(choice));
}

static bool said(const struct cell *cell, const char *expected)
{
	u8 choice[NR_CHOICES];
	char text[90];

	cell_choices(cell, choice);
	cell_choices_text(cell, choice, text, sizeof(text), "%s=%s", ",");
	return is(text, expected);
}

static void test_choices(void)
{
	u8 choice[NR_CHOICES];
	char text[9];

	fresh();
	CHECK(chosen(&holds, 0, 0, 0) && said(&holds, ""), "defaults, of which nothing is said");
	CHECK(chosen(&split, VALUE_zap_split, 0, 0) && said(&split, "zap=split"), "the cell's");
	CHECK(chosen(&broken, VALUE_flush_nowait, VALUE_pte_read_atomic64,
		     VALUE_table_free_grace) &&
		      said(&broken, "pte_read=atomic64,flush=nowait,table_free=grace"),
	      "a flush that does not wait implies others");
	cap.atomic64 = false;
	CHECK(chosen(&broken, VALUE_flush_nowait, VALUE_pte_read_seq, VALUE_table_free_grace),
	      "which depend on the port");
	options.choice[CHOICE_pte_read] = VALUE_pte_read_locked;
	CHECK(chosen(&broken, VALUE_flush_nowait, VALUE_pte_read_locked, VALUE_table_free_grace),
	      "unless the command line has one");
	options.choice[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(chosen(&holds, VALUE_flush_nowait, VALUE_pte_read_locked, VALUE_table_free_grace),
	      "the flush too");
	options.choice[CHOICE_zap] = VALUE_zap_atomic;
	CHECK(chosen(&split, VALUE_flush_nowait, VALUE_pte_read_locked, VALUE_table_free_grace) ==
			      false &&
		      (cell_choices(&split, choice), choice[CHOICE_zap] == VALUE_zap_split),
	      "the cell goes before the command line");
	fresh();
	cell_choices(&broken, choice);
	cell_choices_text(&broken, choice, text, sizeof(text), "%s=%s", ",");
	CHECK(is(text, "pte_read"), "cut where there is no room");
	choices_unsaid(&holds, choice);
	CHECK(!memcmp(choice, choice_default, sizeof(choice)), "unsaid are the defaults");
	choices_unsaid(&broken, choice);
	CHECK(!memcmp(choice, choice_default, sizeof(choice)),
	      "even of a cell that says its flush, and those of flush=sync");
	options.choice[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(said(&holds, "pte_read=atomic64,flush=nowait,table_free=grace"),
	      "one that the command line says is said");
}

static void test_cell(void)
{
	CHECK(!cell_must_break(&holds) && cell_must_break(&broken), "what must break");
	CHECK(cell_must_break(&(struct cell){.expect = EXPECT_HISTORICAL}) &&
		      !cell_must_break(&(struct cell){.expect = EXPECT_MASKED}),
	      "history must, a mask must not");
	CHECK(!cell_is_explored(&holds) && cell_is_explored(&(struct cell){.from = FROM_TSO}) &&
		      cell_is_explored(&(struct cell){.ending = BY_STOP}),
	      "what only the explorer shows");
	CHECK(is(cell_off_name(&holds), "none") && is(cell_off_name(&broken), "shootdown"),
	      "the guard's name");
	CHECK(torn_names_decoy(), "this model's torn entry names a decoy");
}

int main(void)
{
	test_order();
	test_roles();
	test_cpus();
	test_needs();
	test_high_ram();
	test_conflicts();
	test_other_reasons();
	test_choices();
	test_cell();
	return tap_done();
}
