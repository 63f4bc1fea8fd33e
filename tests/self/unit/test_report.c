/* SPDX-License-Identifier: MIT */
/* Tests the lines of tests/lab/report.c for each kind of row, as a whole. */
#include "tests/self/unit/machine.h"
#include "tests/self/unit/report_lab.h"

static const struct cell historical = HISTORICAL("fails", WITH(flush, nowait)),
			 stands_in = MASKED(own_flush, "shootdown");

static bool counted(u32 passed, u32 failed, u32 skipped, u32 known)
{
	return tally.passed == passed && tally.failed == failed && tally.skipped == skipped &&
	       tally.known == known;
}

static void ends(enum verdict verdict, const char *complaint)
{
	struct outcome outcome = {.verdict = verdict, .complaint = complaint, .us = 12034};

	report_cell(&v, &outcome, 5);
}

#define CELL(choices, guard, result)                                                               \
	"# ev=cell n=1 scenario=pte/one mode=choreo guard=" guard " choices=" choices              \
	" result=" result " ms=12.034 tries=5 "
#define WITNESS(guard, saw)                                                                        \
	"# ev=witness n=1 pass=1 scenario=pte/one guard=" guard " rule=\"it holds\" saw=\"" saw    \
	"\" see=\"a manual\"\n"
#define HELD_LINE CELL("-", "none", "held") "evidence=\"it was seen\"\n"

static void test_plan(void)
{
	row_of(&holds);
	report_plan(7);
	PRINTED("1..7\n", "the plan");
	plant = PLANT_plan;
	report_plan(7);
	PRINTED("1..8\n", "lab.plant=plan: one more");
	CHECK(PANICS(report_plan(1025)) && !PANICS(report_plan(1024)),
	      "a plan of more rows than there is room for is refused");
}

static void test_passed(void)
{
	row_of(&holds);
	ends(HELD, NULL);
	PRINTED(HELD_LINE "ok 1 - model/pte/one choreo\n", "held");
	CHECK(counted(1, 0, 0, 0) && !tally.incomplete && !basis_broken, "it has passed");
	row_of(&breaks);
	nr_trace = 1;
	ends(VIOLATED, NULL);
	PRINTED(CELL("zap=split", "shootdown",
		     "caught") "evidence=\"it broke\"\n"
			       "ok 1 - model/pte/one choreo choice.zap=split guard.shootdown=off\n",
		"caught: the choice, the guard, what was seen, and no witness");
	CHECK(counted(1, 0, 0, 0) && !basis_broken, "it has passed");
	row_of(&historical);
	ends(VIOLATED, NULL);
	PRINTED(CELL("pte_read=atomic64,flush=nowait,table_free=grace", "none",
		     "caught") "evidence=\"it broke\"\nok 1 - model/pte/one choreo "
			       "choice.pte_read=atomic64 "
			       "choice.flush=nowait choice.table_free=grace\n",
		"an algorithm that fails is caught, with every choice that it implies");
	row_of(&stands_in);
	ends(HELD, NULL);
	PRINTED(CELL("-", "own_flush",
		     "masked") "reason=\"shootdown\"\n"
			       "ok 1 - model/pte/one choreo guard.own_flush=off\n",
		"masked, by what");
	CHECK(counted(1, 0, 0, 0), "it has passed");
}

static void test_verbose(void)
{
	row_of(&breaks);
	options.verbose = true;
	ends(VIOLATED, NULL);
	PRINTED(WITNESS("shootdown", "it broke")
			CELL("zap=split", "shootdown",
			     "caught") "evidence=\"it broke\"\n"
				       "ok 1 - model/pte/one choreo choice.zap=split "
				       "guard.shootdown=off\n",
		"verbose: what was caught has a witness");
	row_of(&holds);
	options.verbose = true;
	ends(HELD, NULL);
	PRINTED(HELD_LINE "ok 1 - model/pte/one choreo\n", "and what held has none");
}

static void test_violated(void)
{
	row_of(&holds);
	scenario.finding = "F-001";
	nr_trace = 2;
	trace_lost = 4;
	trace[0] = (struct trace_entry){{"zap", 12, RACE_zap_done, "mm/table/zap.c"}, 0xabc, 1, 1};
	trace[1] = (struct trace_entry){{"walk", 34, RACE_role_done, "./mm/walk.h"}, 0, 2, 0};
	ends(VIOLATED, NULL);
	PRINTED("# ev=finding n=1 id=F-001 scenario=pte/one\n" WITNESS(
			"none", "it broke") "# ev=step n=1 cpu=1 role=writer at=zap:12 do=zap_done "
					    "value=0xabc file=mm/table/zap.c\n"
					    "# ev=step n=2 cpu=3 role=walker at=walk:34 "
					    "do=role_done value=0x0 file=mm/walk.h\n"
					    "# ev=step_lost count=4\n" CELL(
						    "-", "none",
						    "violated") "reason=\"it broke\"\nnot ok 1 - model/pte/one choreo\n",
		"violated: the finding, the witness with each step, the cell");
	CHECK(counted(0, 1, 0, 0) && basis_broken == &scenario,
	      "it has failed, and what builds on it is told");
	row_of(&stands_in);
	ends(VIOLATED, NULL);
	PRINTED(WITNESS("own_flush", "it broke") CELL(
			"-", "own_flush", "violated") "reason=\"it broke\"\nnot ok 1 - model/pte/one choreo guard.own_flush=off\n",
		"a masked guard whose rule breaks: violated as well, and no finding is named");
	CHECK(basis_broken == &scenario, "what builds on it is told");
}

static void test_broken(void)
{
	row_of(&holds);
	scenario.finding = knows = "F-001";
	ends(HELD, "frames leaked");
	PRINTED(CELL("-", "none", "broken") "reason=\"frames leaked\"\n"
					    "not ok 1 - model/pte/one choreo\n",
		"a complaint: broken, whatever the judge says");
	row_of(&breaks);
	ends(VIOLATED, "frames leaked");
	PRINTED(WITNESS("shootdown", "it broke")
			CELL("zap=split", "shootdown",
			     "broken") "reason=\"frames leaked\"\n"
				       "not ok 1 - model/pte/one choreo choice.zap=split "
				       "guard.shootdown=off\n",
		"and where it was caught too");
	CHECK(counted(0, 1, 0, 0), "it has failed");
	row_of(&holds);
	options.choice[CHOICE_zap] = VALUE_zap_split;
	ends(NO_EVIDENCE, "stuck");
	CHECK(strstr(model_console, "result=broken"),
	      "a foreign choice does not excuse a complaint");
	row_of(&holds);
	ends(NO_OVERLAP, "stuck");
	CHECK(strstr(model_console, "result=broken"), "nor does missing overlap");
}

static void test_not_broken(void)
{
	row_of(&breaks);
	ends(HELD, NULL);
	PRINTED(CELL("zap=split", "shootdown",
		     "not_caught") "reason=\"the rule was not seen to break\"\n"
				   "not ok 1 - model/pte/one choreo choice.zap=split "
				   "guard.shootdown=off\n",
		"strict: a guard that is off and breaks nothing is a failure");
	CHECK(counted(0, 1, 0, 0) && !tally.incomplete, "it has failed");
	row_of(&breaks);
	options.strict = false;
	ends(HELD, NULL);
	PRINTED(CELL("zap=split", "shootdown",
		     "not_observed") "reason=\"the rule was not seen to break\"\nnot ok 1 - "
				     "model/pte/one choreo "
				     "choice.zap=split guard.shootdown=off # TODO not observed: 5 "
				     "tries\n",
		"else it is one to do, with the tries");
	CHECK(counted(0, 0, 0, 1) && tally.incomplete, "and the run is incomplete");
}

static void misses(const char *saw, const char *script, unsigned lost, const char *reason)
{
	row_of(&breaks);
	options.strict = false;
	strcpy(v.saw, saw);
	script_missed = script;
	trace_lost = lost;
	ends(NO_EVIDENCE, NULL);
	CHECK(strstr(model_console, "result=not_observed") && strstr(model_console, reason), "%s",
	      reason);
}

static void test_no_evidence(void)
{
	row_of(&holds);
	script_missed = "step 2 was not reached";
	strcpy(v.saw, "");
	ends(NO_EVIDENCE, NULL);
	PRINTED(WITNESS("none", "step 2 was not reached")
			CELL("-", "none", "no_evidence") "reason=\"step 2 was not reached\"\nnot ok 1 - model/pte/one choreo\n",
		"no evidence: a witness, because the script says where it went wrong");
	CHECK(counted(0, 1, 0, 0), "it has failed");
	misses("", "step 2", 0, "reason=\"step 2\"");
	misses("the judge's", "step 2", 0, "reason=\"the judge's; step 2\"");
	misses("the judge's", NULL, 0, "reason=\"the judge's\"");
	misses("", "step 2", 9, "reason=\"9 events of the trace were lost\"");
	misses("", NULL, 0,
	       "reason=\"every step of the script was played, and yet the dangerous window was not entered\"");
	row_of(&holds);
	v.mode = MODE_PROBE;
	v.saw[0] = 0;
	script_missed = "none is played";
	ends(NO_EVIDENCE, NULL);
	PRINTED("# ev=cell n=1 scenario=pte/one mode=probe guard=none choices=- "
		"result=no_evidence ms=12.034 tries=5 "
		"reason=\"the dangerous window was not entered\"\nnot ok 1 - model/pte/one probe\n",
		"a probe has no script, and no witness");
}

#define FOREIGN " # SKIP with this choice the scenario's window does not exist\n"

static void test_foreign_choice(void)
{
	row_of(&holds);
	options.choice[CHOICE_zap] = VALUE_zap_split;
	cell_choices(&holds, v.choice);
	ends(NO_EVIDENCE, NULL);
	PRINTED("# ev=cell n=1 scenario=pte/one mode=choreo guard=none choices=zap=split "
		"result=skipped ms=0.000 tries=0 "
		"reason=\"with this choice the scenario's window does not exist\"\n"
		"ok 1 - model/pte/one choreo choice.zap=split" FOREIGN,
		"an algorithm of the command line's may have no such window: skipped");
	row_of(&holds);
	options.choice[CHOICE_zap] = VALUE_zap_atomic;
	ends(NO_EVIDENCE, NULL);
	CHECK(strstr(model_console, "result=no_evidence"), "the default's is no excuse");
	row_of(&breaks);
	options.choice[CHOICE_zap] = VALUE_zap_split;
	ends(NO_EVIDENCE, NULL);
	CHECK(strstr(model_console, "result=no_evidence"), "nor one that the cell names itself");
	row_of(&holds);
	options.choice[CHOICE_zap] = VALUE_zap_split;
	ends(HELD, NULL);
	CHECK(strstr(model_console, "result=held"), "and what held has held");
}

static void test_known(void)
{
	row_of(&holds);
	scenario.finding = knows = "F-001";
	ends(VIOLATED, NULL);
	PRINTED(CELL("-", "none", "known") "reason=\"it broke\"\n"
					   "not ok 1 - model/pte/one choreo # TODO known: F-001\n",
		"a finding that is known");
	CHECK(counted(0, 0, 0, 1), "counts as known");
	row_of(&holds);
	scenario.finding = knows = "F-001";
	ends(HELD, NULL);
	PRINTED(HELD_LINE
		"ok 1 - model/pte/one choreo # TODO known: F-001, which no longer shows\n",
		"one that does not show");
	row_of(&holds);
	scenario.finding = knows = "F-001";
	ends(NO_EVIDENCE, NULL);
	CHECK(strstr(model_console, "result=no_evidence"), "is not excused from evidence");
	row_of(&stands_in);
	scenario.finding = knows = "F-001";
	ends(VIOLATED, NULL);
	CHECK(strstr(model_console, "result=violated"), "and is one of all guards on");
}

static void test_skipped(void)
{
	row_of(&breaks);
	report_skipped(&v, "not observable here: why");
	PRINTED("# ev=cell n=1 scenario=pte/one mode=choreo guard=shootdown choices=zap=split "
		"result=not_observable ms=0.000 tries=0 reason=\"not observable here: why\"\n"
		"ok 1 - model/pte/one choreo choice.zap=split guard.shootdown=off # SKIP not "
		"observable here: why\n",
		"not observable, and why");
	CHECK(counted(0, 0, 1, 0), "skipped");
	row_of(&holds);
	report_skipped(&v, "not observablX");
	CHECK(strstr(model_console, "result=skipped"), "any other word is an ordinary reason");
	row_of(&holds);
	strcpy(v.saw, "hardly any overlap");
	ends(NO_OVERLAP, NULL);
	PRINTED("# ev=cell n=1 scenario=pte/one mode=choreo guard=none choices=- result=skipped "
		"ms=0.000 tries=0 reason=\"hardly any overlap\"\n"
		"ok 1 - model/pte/one choreo # SKIP hardly any overlap\n",
		"no overlap: skipped, with the judge's words");
}

/* A later pass prints only news, as ev=again, without a point. */
static void test_again(void)
{
	row_of(&holds);
	ends(HELD, NULL);
	pass_begin(2);
	printed_reset();
	ends(HELD, NULL);
	PRINTED("", "the same again is not said");
	pass_begin(3);
	ends(VIOLATED, NULL);
	PRINTED("# ev=witness n=1 pass=3 scenario=pte/one guard=none rule=\"it holds\" "
		"saw=\"it broke\" see=\"a manual\"\n# ev=again pass=3 n=1 scenario=pte/one "
		"mode=choreo guard=none choices=- result=violated ms=12.034 tries=5 "
		"reason=\"it broke\"\n",
		"what is new is, and has no point");
	CHECK(!shown[MODE_PROBE] && shown[MODE_CHOREO] == 1,
	      "only rows of the first pass are shown");
}

/* The same failure or the same reason again. */
static void test_same_again(void)
{
	row_of(&holds);
	ends(VIOLATED, NULL);
	pass_begin(2);
	printed_reset();
	ends(VIOLATED, NULL);
	PRINTED("", "a rule that breaks again is not said again");
	row_of(&holds);
	report_skipped(&v, "why");
	pass_begin(2);
	printed_reset();
	report_skipped(&v, "why");
	PRINTED("", "nor is a reason");
}

/* 1 234 567 us are 1234.567 ms. */
static void test_time(void)
{
	struct outcome outcome = {.verdict = HELD, .us = 1234567};

	row_of(&holds);
	report_cell(&v, &outcome, 1);
	CHECK(strstr(model_console, " ms=1234.567 "), "milliseconds of microseconds");
	outcome.us = 999999;
	row_of(&holds);
	report_cell(&v, &outcome, 1);
	CHECK(strstr(model_console, " ms=999.999 "), "rounded down");
}

static void again_in_pass_2(const struct cell *cell, enum verdict verdict, bool strict)
{
	row_of(cell);
	scenario.finding = knows = cell == &holds ? "F-001" : NULL;
	options.strict = strict;
	ends(verdict, NULL);
	pass_begin(2);
	printed_reset();
	ends(verdict, NULL);
	PRINTED("", "nor is any other end of a row, if it is the same");
	CHECK(shown[MODE_CHOREO] == (u32)(verdict != HELD || cell != &breaks),
	      "and of two passes one row is shown");
}

int main(void)
{
	test_plan();
	test_passed();
	test_verbose();
	test_violated();
	test_broken();
	test_not_broken();
	test_no_evidence();
	test_foreign_choice();
	test_known();
	test_skipped();
	test_again();
	test_same_again();
	test_time();
	again_in_pass_2(&holds, VIOLATED, true);
	again_in_pass_2(&holds, HELD, true);
	again_in_pass_2(&stands_in, HELD, true);
	again_in_pass_2(&breaks, VIOLATED, true);
	again_in_pass_2(&breaks, HELD, false);
	return tap_done();
}
