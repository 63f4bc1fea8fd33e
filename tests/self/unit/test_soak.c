/* SPDX-License-Identifier: MIT */
/* Tests the sums over many passes in tests/lab/passes.c and soak.c, and the end of the passes. */
#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"
#include "tests/lab/passes.c"
#include "tests/lab/soak.c"
#include "tests/self/unit/tap.h"

struct tally tally;
struct options options;

static const char *asked;
static unsigned looks;

const char *console_stop_asked(void)
{
	looks++;
	return asked;
}

static bool came(enum row_end end, const char *result)
{
	row_begin();
	return row_ends(end, result);
}

static void test_passes(void)
{
	passes_plan(3);
	pass_begin(1);
	CHECK(came(ROW_PASSED, "held") && came(ROW_SKIPPED, "skipped") && came(ROW_KNOWN, "known"),
	      "all of the first pass is said");
	CHECK(tally.passed == 1 && tally.skipped == 1 && tally.known == 1 && !tally.failed,
	      "and counted");
	pass_begin(2);
	CHECK(!came(ROW_PASSED, "held") && row_number() == 1, "the same again: nothing is said");
	CHECK(came(ROW_PASSED, "caught") && came(ROW_KNOWN, "held"),
	      "something else: that is said");
	CHECK(pass_count(ROW_PASSED) == 2 && pass_count(ROW_KNOWN) == 1,
	      "the pass has its own counts");
	CHECK(tally.passed == 1 && tally.skipped == 1 && tally.known == 1,
	      "the tally is that of the first pass");
	pass_begin(3);
	CHECK(came(ROW_FAILED, "violated") && came(ROW_FAILED, "broken"), "failures are said");
	CHECK(tally.failed == 2 && !tally.passed && !tally.skipped && tally.known == 1,
	      "a row that fails later has failed");
	pass_begin(4);
	CHECK(came(ROW_PASSED, "held") && !came(ROW_FAILED, "broken"),
	      "held again; failed the same way");
	CHECK(tally.failed == 2 && !tally.passed, "and once failed it stays so, and is one");
}

/* These looks are far enough apart. */
static const char *over_later(void)
{
	model_clock_step = 60000000;
	return soak_over();
}

/* The clock stands still there. */
static void clock_to(u64 ns)
{
	model_clock_step = 0;
	model_clock_step = ns - clock_ns();
	clock_ns();
	model_clock_step = 0;
}

static void test_one_pass(void)
{
	options.passes = 1;
	asked = "a key";
	soak_begin();
	CHECK(!over_later() && !looks, "one pass: nobody asks the keyboard, nothing ends it");
}

static void test_minutes(void)
{
	unsigned n = 0;

	options = (struct options){.minutes = 2};
	asked = "a key from before";
	soak_begin();
	asked = NULL;
	CHECK(looks > 10 && !over_later(), "keys from before are forgotten");
	looks = 0;
	model_clock_step = 1000;
	for (n = 0; n < 1000; n++)
		soak_over();
	CHECK(looks < 2, "1000 rows in an instant: %u looks", looks);
	clock_to(119950000000);
	CHECK(!soak_over(), "not over 50 ms before two minutes");
	clock_to(120000000000);
	CHECK(soak_over(), "over at two minutes");
	CHECK(!strcmp(soak_over(), "the minutes= are over"), "it says so");
	CHECK(strstr(model_console, "# ev=ended pass=4 why=\"the minutes= are over\"\n"),
	      "in the log, with the pass: %s", model_console);
}

static void test_bounds(void)
{
	devices_reset();
	options = (struct options){.passes = 0};
	asked = NULL;
	looks = 0;
	model_clock_step =
		1000000000; /* so far from the beginning that no look comes at this moment */
	soak_begin();
	CHECK(looks == 32, "passes=0 is a soak: 32 keys from before are forgotten");
	looks = 0;
	model_clock_step = 49999999;
	CHECK(!soak_over() && !looks, "no look within 50 ms");
	model_clock_step = 1;
	CHECK(!soak_over() && looks == 1, "but then one");
	looks = 0;
	options.minutes = 1;
	clock_to(59999999999);
	CHECK(!soak_over() && looks == 1, "a minute is not over a nanosecond before its end");
	options.minutes = 0;
	looks = 0;
}

int main(void)
{
	devices_reset();
	test_bounds();
	devices_reset();
	test_passes();
	test_one_pass();
	test_minutes();
	return tap_done();
}
