/* SPDX-License-Identifier: MIT */
/* Tests the sums over many rounds in tests/lab/report_stress.c and report_progress.c, passes,
 * progress, and gaps of require=. */
#include "tests/self/unit/report_lab.h"

static struct histogram histogram;

static void stress_of(const struct cell *cell, u32 rounds, u32 overlaps)
{
	row_of(cell);
	v.mode = MODE_STRESS;
	all_rounds = all_overlaps = 0;
	histogram = (struct histogram){
		.rounds = rounds,
		.overlaps = overlaps,
		.nr = 2,
		.outcome = {{"new frame", false, rounds}, {"old frame", true, 0}}};
}

static void stress_ends(enum verdict verdict, const char *complaint)
{
	struct outcome outcome = {.verdict = verdict, .complaint = complaint, .us = 7};

	report_stress(&v, &outcome, &histogram);
}

#define STRESS(guard, figures) "# ev=stress n=1 scenario=pte/one guard=" guard " " figures "\n"
#define COUNTED(name, count, class, forbidden)                                                     \
	"# ev=histogram n=1 scenario=pte/one outcome=\"" name "\" count=" count                    \
	" class=" class " forbidden=" forbidden "\n"
#define CELL(guard, choices, result, figures)                                                      \
	"# ev=cell n=1 scenario=pte/one mode=stress guard=" guard " choices=" choices              \
	" result=" result " " figures " "
#define NOBODY COUNTED("old frame", "0", "Never", "yes")
#define RULE   COUNTED("rule broken", "0", "Never", "yes")

static void test_held(void)
{
	stress_of(&holds, 20, 6);
	stress_ends(NO_EVIDENCE, NULL);
	PRINTED(STRESS("none", "rounds=20 overlaps=6 violated=0")
			COUNTED("new frame", "20", "Always", "no") NOBODY RULE CELL(
				"none", "-", "held",
				"ms=0.007 tries=20") "evidence=\"6 of 20 rounds overlapped\"\nok 1 - model/pte/one stress\n",
		"rounds that overlapped and broke nothing: held");
	CHECK(tally.passed == 1 && !strcmp(v.evidence, "it was seen"),
	      "passed, and the variant is left alone");
	CHECK(all_rounds == 20 && all_overlaps == 6, "its rounds are counted for the pass");
	stress_of(&holds, 1, 1);
	options.iters = 1;
	stress_ends(HELD, NULL);
	CHECK(strstr(model_console, "result=held"), "one round holds if one was asked for");
	stress_of(&holds, 2, 1);
	stress_ends(HELD, NULL);
	CHECK(strstr(model_console, "result=held"), "and so do two");
}

#define SKIPPED(words)                                                                             \
	CELL("shootdown", "zap=split", "skipped", "ms=0.000 tries=0")                              \
	"reason=\"" words "\"\nok 1 - model/pte/one stress"                                        \
	" choice.zap=split guard.shootdown=off # SKIP " words "\n"
#define TOLD(figures, count)                                                                       \
	STRESS("shootdown", figures) COUNTED("new frame", count, "Always", "no") NOBODY RULE

static void test_skipped(void)
{
	stress_of(&breaks, 9, 0);
	stress_ends(NO_EVIDENCE, NULL);
	PRINTED(TOLD("rounds=9 overlaps=0 violated=0", "9") SKIPPED("no overlap in 9 rounds"),
		"no overlap: skipped");
	stress_of(&breaks, 1, 1);
	stress_ends(HELD, NULL);
	PRINTED(TOLD("rounds=1 overlaps=1 violated=0", "1")
			SKIPPED("one round, and its time was over"),
		"one round");
	stress_of(&breaks, 9, 3);
	stress_ends(HELD, NULL);
	PRINTED(TOLD("rounds=9 overlaps=3 violated=0", "9")
			SKIPPED("not observed (9 rounds, 3 overlaps)"),
		"a guard that is off and was not seen to break: chance decides, no failure");
	CHECK(tally.skipped == 1 && !tally.failed, "skipped");
}

static void test_violated(void)
{
	stress_of(&breaks, 9, 0);
	histogram.violated = 1;
	histogram.outcome[1].count = 1;
	stress_ends(VIOLATED, NULL);
	PRINTED(STRESS("shootdown", "rounds=9 overlaps=0 violated=1")
			COUNTED("new frame", "9", "Always", "no") COUNTED("old frame", "1",
									  "Sometimes", "yes")
				CELL("shootdown", "zap=split", "caught",
				     "ms=0.007 tries=9") "evidence=\"it broke\"\n"
							 "ok 1 - model/pte/one stress "
							 "choice.zap=split guard.shootdown=off\n",
		"caught in stress, even without an overlap");
	stress_of(&holds, 9, 3);
	stress_ends(HELD, "frames leaked");
	CHECK(strstr(model_console, "result=broken") && tally.failed == 1,
	      "a complaint is a failure");
	stress_of(&(struct cell)HISTORICAL("fails"), 9, 3);
	stress_ends(HELD, NULL);
	CHECK(strstr(model_console, "not observed (9 rounds"), "an algorithm that fails need not");
}

/* A pass after the first says nothing of its rounds. */
static void test_later_pass(void)
{
	stress_of(&holds, 20, 6);
	stress_ends(HELD, NULL);
	pass_begin(2);
	printed_reset();
	stress_ends(HELD, NULL);
	lab_histogram(&v, "new frame", 1, 1, false);
	PRINTED("", "no histogram in a later pass");
	CHECK(all_rounds == 40 && all_overlaps == 12, "but its rounds are counted");
}

static void test_passes(void)
{
	stress_of(&holds, 20, 6);
	stress_ends(HELD, NULL);
	row_begin();
	row_ends(ROW_FAILED, "violated");
	printed_reset();
	model_clock_step = 1;
	report_pass(3);
	PRINTED("# ev=pass n=1 of=3 passed=1 failed=1 skipped=0 known=0 rounds=20 overlaps=6 seconds=0\n",
		"the first pass is told");
	pass_begin(2);
	row_begin();
	row_ends(ROW_SKIPPED, "skipped");
	row_begin();
	row_ends(ROW_KNOWN, "known");
	report_pass(3);
	PRINTED("", "one right after it is not");
	model_clock_step = 999999998;
	report_pass(3);
	PRINTED("", "nor within a second");
	model_clock_step = 1;
	report_pass(3);
	PRINTED("# ev=pass n=2 of=3 passed=0 failed=0 skipped=1 known=1 rounds=20 overlaps=6 seconds=1\n",
		"but after one");
}

static void test_progress(void)
{
	row_of(&holds);
	progress.told = progress.looked = (struct moment){0, 0};
	model_clock_step = 0;
	report_progress(0, 9, 5);
	PRINTED("# ev=progress done=0 of=9 eta=5\n", "the beginning is told");
	report_progress(1, 9, 4);
	PRINTED("", "what comes right after is not");
	model_clock_step = TELL_EVERY_NS / 2 - 1;
	report_progress(2, 9, 4); /* two looks at the clock each */
	PRINTED("", "nor before half a second");
	model_clock_step = 2;
	report_progress(3, 9, 3);
	PRINTED("# ev=progress done=3 of=9 eta=3\n", "then it is");
	report_progress(9, 9, 0);
	PRINTED("# ev=progress done=9 of=9 eta=0\n", "and so is the end");
	pass_begin(2);
	report_progress(9, 9, 0);
	report_progress(0, 9, 5);
	PRINTED("", "of the first pass alone");
}

/* Within a row. The time left goes down by the time since the last look. */
static void test_tick(void)
{
	row_of(&holds);
	model_clock_step = 0;
	report_progress(0, 9, 2);
	PRINTED("# ev=progress done=0 of=9 eta=2\n", "the beginning");
	report_tick();
	PRINTED("", "no time has passed");
	model_clock_step = TELL_EVERY_NS - 1;
	report_tick();
	PRINTED("", "less than half a second");
	model_clock_step = 1;
	report_tick();
	model_clock_step = 0;
	PRINTED("# ev=progress done=0 of=9 eta=2\n", "half a second: 1.5 s are left, said as 2");
	model_clock_step = 600000000;
	report_tick();
	model_clock_step = 0;
	PRINTED("# ev=progress done=0 of=9 eta=1\n", "0.9 s are left");
	progress.left = 700000000;
	progress.looked = this_moment();
	model_clock_step = TELL_EVERY_NS;
	report_tick();
	model_clock_step = 0;
	PRINTED("# ev=progress done=0 of=9 eta=0\n", "0.2 s are none");
	CHECK(progress.left == 200000000, "nothing is taken twice");
	progress.looked = this_moment();
	model_clock_step = 4000000000u;
	report_tick();
	CHECK(!progress.left, "what lasts longer than was left leaves nothing");
}

/* The clocks of two CPUs are not compared. */
static void test_other_cpu(void)
{
	struct moment moment = {5, 1};

	row_of(&holds);
	model_clock_step = 3;
	CHECK(!since(&moment) && moment.cpu == 0 && moment.ns == 3,
	      "a moment of another CPU's begins anew");
	CHECK(since(&moment) == 3 && moment.ns == 3, "one of this CPU's is so long ago");
}

static void test_required(void)
{
	static const char *const words[] = {
		[MODE_PROBE] = "probe", [MODE_CHOREO] = "choreo", [MODE_STRESS] = "stress"};

	for (enum lab_mode i = MODE_PROBE; i <= MODE_STRESS; i++) {
		char expected[100];

		row_of(&holds);
		requires = words[i];
		report_required();
		snprintf(expected, sizeof(expected),
			 "# ev=missing what=\"no %s variant was shown, and require=%s asks for one\"\n",
			 words[i], words[i]);
		PRINTED(expected, "require=%s, and none was shown", words[i]);
		CHECK(tally.incomplete && !tally.passed, "incomplete");
		row_of(&holds);
		requires = words[i];
		shown[i] = 1;
		report_required();
		PRINTED("", "require=%s, and one was", words[i]);
		CHECK(!tally.incomplete, "complete");
	}
	row_of(&holds);
	plant = PLANT_count;
	report_required();
	CHECK(tally.passed == 1 && !tally.incomplete, "lab.plant=count: one more has passed");
}

int main(void)
{
	test_held();
	test_skipped();
	test_violated();
	test_later_pass();
	test_passes();
	test_progress();
	test_tick();
	test_other_cpu();
	test_required();
	return tap_done();
}
