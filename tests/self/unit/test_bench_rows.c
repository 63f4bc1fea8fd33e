/* SPDX-License-Identifier: MIT */
/* Tests tests/bench/rows.c: medians, ratios to a floor or to the sum of several, and the lines. */
#include "tests/self/unit/printed.h"

#define CYCLES_PER_US 100u

static unsigned clock_cycles_per_us(void);
#include "tests/bench/rows.c"

struct tally tally;

static unsigned clock_cycles_per_us(void)
{
	return CYCLES_PER_US;
}

static unsigned taken[MAX_ROWS];

/* Cycles of the samples of a row: 100 * pages first, then one more each, and one that took long. */
static u32 measure(const struct row *row)
{
	unsigned n = taken[row->cpus]++;

	return row->pages * 100 + n + (n == 3 ? 100000 : 0);
}

/* The time is over at the first look, so no more than ROUNDS_MIN rounds are made. */
static void begin(void)
{
	printed_reset();
	model_clock_step = BUDGET_NS + 1;
	tally = (struct tally){0};
	point = 0;
	memset(taken, 0, sizeof(taken));
}

static void test_measure(void)
{
	const struct row rows[] = {
		{"fault", "fault", 1, 1, 0, "", measure, 0},
		{"fill", "page", 2, 3, 1, "", measure, 0},
		{"one", "page", 1, 4, 2, "not us: 7", measure, BIT(1)},
		{"sum", "fault", 1, 5, 3, "", measure, BIT(0) | BIT(1)},
	};
	struct figures got[ARRAY_SIZE(rows)];

	begin();
	rows_measure(rows, ARRAY_SIZE(rows), got);
	PRINTED("# ev=bench name=fault unit=ns median=1060.0 min=1000.0 ratio=- floor=- per=fault pages=1 cpus=0 rounds=11 context=\"\"\n"
		"ok 1 - " PORT_NAME "/bench/fault pages=1 cpus=0\n"
		"# ev=bench name=fill unit=ns median=1530.0 min=1500.0 ratio=- floor=- per=page pages=3 cpus=1 rounds=11 context=\"\"\n"
		"ok 2 - " PORT_NAME "/bench/fill pages=3 cpus=1\n"
		"# ev=bench name=one unit=ns median=4060.0 min=4000.0 ratio=2.65 floor=fill per=page pages=4 cpus=2 rounds=11 context=\"not us: 7\"\n"
		"ok 3 - " PORT_NAME "/bench/one pages=4 cpus=2\n"
		"# ev=bench name=sum unit=ns median=5060.0 min=5000.0 ratio=1.95 floor=fault+fill per=fault pages=5 cpus=3 rounds=11 context=\"\"\n"
		"ok 4 - " PORT_NAME "/bench/sum pages=5 cpus=3\n",
		"medians, and ratios to one floor and to the sum of two");
	CHECK(tally.passed == 4 && !tally.skipped && got[0].median == 10600 &&
		      got[3].least == 50000,
	      "and the caller's figures");
}

static u32 nothing(const struct row *row)
{
	(void)row;
	return 0;
}

static void test_no_floor(void)
{
	const struct row rows[] = {{"none", "call", 1, 0, 0, "", nothing, 0},
				   {"of", "call", 1, 0, 0, "", nothing, BIT(0)}};

	begin();
	rows_measure(rows, ARRAY_SIZE(rows), NULL);
	PRINTED("# ev=bench name=none unit=ns median=0.0 min=0.0 ratio=- floor=- per=call pages=0 cpus=0 rounds=11 context=\"\"\n"
		"ok 1 - " PORT_NAME "/bench/none pages=0 cpus=0\n"
		"# ev=bench name=of unit=ns median=0.0 min=0.0 ratio=- floor=none per=call pages=0 cpus=0 rounds=11 context=\"\"\n"
		"ok 2 - " PORT_NAME "/bench/of pages=0 cpus=0\n",
		"a floor too short for the clock has no ratio");
	rows_skip(rows, 1, "needs 2 CPUs");
	PRINTED("ok 3 - " PORT_NAME "/bench/none pages=0 cpus=0 # SKIP needs 2 CPUs\n",
		"a row that was not measured");
	bench_ok("ceiling");
	PRINTED("ok 4 - " PORT_NAME "/bench/ceiling\n", "and a point that is no row");
	CHECK(tally.passed == 3 && tally.skipped == 1, "all are counted");
}

int main(void)
{
	test_measure();
	test_no_floor();
	return tap_done();
}
