/* SPDX-License-Identifier: MIT */
/* Tests the rows of tests/lab/registry.c in order, and the choices of each cell in cell.c. */
#include "tests/self/unit/cell_lab.h"

static void test_order(void)
{
	static const char *const names[] = {"hw/a",  "hw/z",  "gup/a", "hw-/a", "pte/a",
					    "pte/b", "ptx/a", "tlb/a", "walk/a"};

	fresh();
	CHECK(sort_scenarios() == ARRAY_SIZE(names), "every row is there");
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
		CHECK(is(scenario_at(i)->name, names[i]), "%s is row %u", names[i], i);
	CHECK(PANICS(sort_scenarios()) && panic_says("scenario ") &&
		      panic_says(": the name is used twice"),
	      "a name that is used twice is refused");
	nr_sorted = MAX_SCENARIOS;
	CHECK(PANICS(sort_scenarios()) && panic_says("more than 256 scenarios: see MAX_SCENARIOS"),
	      "and so is one too many");
	nr_sorted = MAX_SCENARIOS;
	unsound = __scenarios_start->name;
	CHECK(PANICS(sort_scenarios()) && panic_says(": why"), "unless there is more to say of it");
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
	CHECK(!scenario_roles(&(struct scenario){.name = "none"}), "none");
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

/* The choices of the cell are the defaults, except for these. */
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

/* The port's flushes do not wait. */
static void test_port_without_sync(void)
{
	static const struct cell sync = {.off = NR_GUARDS,
					 .values = {[CHOICE_flush] = VALUE_flush_sync}},
				 zap = {.off = NR_GUARDS,
					.values = {[CHOICE_zap] = VALUE_zap_split}};

	fresh();
	defaults[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(chosen(&holds, VALUE_flush_nowait, VALUE_pte_read_atomic64, VALUE_table_free_grace) &&
		      said(&holds, ""),
	      "its defaults are implied, and need not be said");
	CHECK(said(&zap, "zap=split"), "nor where a cell says something else");
	CHECK(said(&broken, "pte_read=atomic64,flush=nowait,table_free=grace"),
	      "a cell that says the flush is called as on every port");
	CHECK(chosen(&sync, VALUE_flush_sync, 0, 0) && said(&sync, ""), "whichever it says");
	options.choice[CHOICE_flush] = VALUE_flush_nowait;
	CHECK(said(&holds, "pte_read=atomic64,flush=nowait,table_free=grace"),
	      "or the command line does");
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
	test_choices();
	test_port_without_sync();
	test_cell();
	return tap_done();
}
