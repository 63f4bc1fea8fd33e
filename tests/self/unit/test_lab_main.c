/* SPDX-License-Identifier: MIT */
/* Tests which cells tests/lab/main.c runs, in which order, how often, and its progress messages. */
#include "tests/self/unit/main_lab.h"

static void test_all(void)
{
	fresh(NULL, NULL);
	lab_main();
	PRINTED("# ev=lab seed=0xabc cpus=4 guards=live passes=1 seconds=10 minutes=0\n",
		"what is run is told first");
	CHECK(did_just(BEGINS
		       "plan:9 soak begin:1 0/9:10 "
		       "[hw/a] hw/a#0:probe:held:1 1/9:10 [hw/b] hw/b#0:probe:held:1 2/9:10 "
		       "[hw/b] hw/b#1:probe:skipped:1:no such RAM 3/9:10 "
		       "[pte/a] pte/a#0:choreo:held:1 4/9:10 [pte/a] pte/a#2:choreo:held:3 5/9:10 "
		       "[tlb/a] tlb/a#0:choreo:held:1 6/9:10 "
		       "[pte/a] budget:3333333333 pte/a#0:stress:0:7 7/9:7 "
		       "[pte/a] budget:3333333333 pte/a#2:stress:0:7 8/9:4 "
		       "[tlb/a] budget:3333333333 tlb/a#0:stress:0:7 9/9:0 " ENDS),
	      "probes, then scripts, then stress, whose cells share the time; what must break is "
	      "tried as often as it says, and what only the explorer shows is not run");
	CHECK(!tally.incomplete, "the run is complete");
}

static void test_selection(void)
{
	fresh("hw", NULL);
	lab_main();
	CHECK(did_just(BEGINS "plan:3 soak begin:1 0/3:0 [hw/a] hw/a#0:probe:held:1 1/3:0 "
			      "[hw/b] hw/b#0:probe:held:1 2/3:0 "
			      "[hw/b] hw/b#1:probe:skipped:1:no such RAM 3/3:0 " ENDS),
	      "run= selects, and without stress no time is left");
	fresh("tlb", "stress");
	options.stuck_guards = true;
	options.minutes = 3;
	lab_main();
	PRINTED("# ev=lab seed=0xabc cpus=4 guards=stuck passes=1 seconds=10 minutes=3\n",
		"stuck guards are told");
	CHECK(did_just(BEGINS "plan:1 soak begin:1 0/1:10 [tlb/a] budget:10000000000 tlb/a#0:stress:0:7 1/1:0 " ENDS),
	      "and so does mode=");
	fresh("tlb", "choreo");
	plants_missed = 1;
	lab_main();
	CHECK(tally.incomplete, "a plant that did not happen makes the run incomplete");
	fresh("hw", "choreo");
	options.mode = "choreo";
	CHECK(PANICS(lab_main()) &&
		      panic_says(
			      "run= selects scenarios, and none of them runs by mode=choreo; the list says what goes together"),
	      "what selects nothing is refused");
	PRINTED("# valid: run=hw/a mode=probe\n# valid: run=hw/b mode=probe\n",
		"after what goes together");
	fresh("tlb", "probe");
	CHECK(PANICS(lab_main()), "the other way round too");
	PRINTED("# valid: run=tlb/a mode=choreo,stress\n", "after what goes together");
	fresh(NULL, NULL);
	options.list = true;
	CHECK(PANICS(lab_main()) && panic_says("listed 5"), "list: nothing is run");
}

static void test_tries(void)
{
	fresh("pte/a", "choreo");
	outcomes[2].verdict = VIOLATED;
	lab_main();
	CHECK(strstr(did, "#0:choreo:held:1 ") && strstr(did, "#2:choreo:violated:2 "),
	      "no further try once it broke");
	fresh("pte/a", "choreo");
	outcomes[1].complaint = "broken";
	lab_main();
	CHECK(strstr(did, "#2:choreo:held:1 "), "nor after a complaint");
	fresh("hw/a", NULL);
	planted_basis = "hw/a";
	lab_main();
	CHECK(strstr(did, "hw/a#0:probe:violated:1:nothing: lab.broken= says so "),
	      "lab.broken=: it counts as violated");
}

static void test_reasons(void)
{
	fresh("hw/b", NULL);
	basis = "hw/b";
	lab_main();
	CHECK(strstr(did, "hw/b#0:probe:skipped:0:builds on it 1/2:0 ") &&
		      strstr(did, "hw/b#1:probe:skipped:1:no such RAM 2/2:0 "),
	      "what builds on a broken promise is skipped, if nothing else is the reason");
	fresh("hw", NULL);
	for (unsigned id = 0; id < NR_GUARDS && !barrier_reason(); id++)
		options.guard_off[id] = guard_info[id].kind == guard_kind_barrier;
	CHECK(barrier_reason(), "a barrier is off");
	lab_main();
	for (unsigned id = 0; id < NR_GUARDS; id++) {
		char expected[160];

		if (!options.guard_off[id])
			continue;
		snprintf(expected, sizeof(expected),
			 "hw/a#0:probe:skipped:0:not observable here: a barrier is missed by the "
			 "explorer only: make explore ARGS='run=%s guard.%s=off' ",
			 guard_info[id].scenario, guard_info[id].name);
		CHECK(strstr(did, expected), "which is told: %s", expected);
	}
	fresh("hw", NULL);
	options.guard_off[GUARD_present_recheck] = 1;
	CHECK(guard_info[0].kind == guard_kind_step && !barrier_reason(),
	      "a step that is off is no reason");
	for (unsigned id = 0; id < NR_GUARDS; id++) {
		memset(options.guard_off, 0, sizeof(options.guard_off));
		options.guard_off[id] = 1;
		CHECK(!!barrier_reason() == (guard_info[id].kind == guard_kind_barrier),
		      "only a barrier is: %s", guard_info[id].name);
	}
}

static void test_replay(void)
{
	fresh("pte/a", NULL);
	options.replay = "2:0@a";
	options.guard_off[NR_GUARDS - 1] = 1;
	lab_main();
	CHECK(did_just(BEGINS "replay:2:0@a:pte/a plan:1 soak begin:1 [pte/a] pte/a#2:replay:held:3 " ENDS),
	      "a replay is one cell, even with a barrier off");
	fresh("pte", NULL);
	options.replay = "2:0@a";
	CHECK(PANICS(lab_main()) &&
		      panic_says("lab.replay= is a schedule of one scenario, and run= selects more than pte/a"),
	      "of one scenario");
	fresh("tlb", "probe");
	options.replay = "2:0@a";
	lab_main();
	CHECK(strstr(did, "plan:1 "), "mode= says nothing of it");
}

static void test_passes(void)
{
	fresh("hw/a", NULL);
	options.passes = 2;
	lab_main();
	CHECK(did_just(BEGINS "plan:1 soak begin:1 0/1:0 [hw/a] hw/a#0:probe:held:1 1/1:0 pass:1/2 "
			      "begin:2 0/1:0 [hw/a] hw/a#0:probe:held:1 1/1:0 pass:2/2 " ENDS),
	      "two passes");
	CHECK(tally.incomplete == false, "which miss nothing");
}

/* Each row of the first pass is reported, even if a key came before it. */
static void test_cut(void)
{
	fresh("hw", NULL);
	options.passes = 0;
	over_after = 2; /* the look before the second row */
	lab_main();
	CHECK(did_just(BEGINS "plan:3 soak begin:1 0/3:0 [hw/a] hw/a#0:probe:held:1 1/3:0 "
			      "[hw/b] hw/b#0:probe:skipped:0:a key 2/3:0 "
			      "[hw/b] hw/b#1:probe:skipped:1:a key 3/3:0 " ENDS),
	      "the rest of the first pass is skipped, with the key as the reason");
	CHECK(tally.incomplete &&
		      strstr(model_console, "# ev=missing what=\"2 variants: the first pass was ended before them (a key)\"\n"),
	      "and the run is incomplete");
	fresh("hw", NULL);
	options.passes = 0;
	over_after =
		6; /* before the second row of pass 2, after three rows and one look behind them */
	lab_main();
	CHECK(did_just(BEGINS "plan:3 soak begin:1 0/3:0 [hw/a] hw/a#0:probe:held:1 1/3:0 "
			      "[hw/b] hw/b#0:probe:held:1 2/3:0 "
			      "[hw/b] hw/b#1:probe:skipped:1:no such RAM 3/3:0 pass:1/0 begin:2 "
			      "0/3:0 [hw/a] hw/a#0:probe:held:1 1/3:0 " ENDS),
	      "of a later pass only what was run");
	CHECK(!tally.incomplete && !strstr(model_console, "missing"), "which misses nothing");
	fresh("pte/a", NULL);
	options.replay = "2:0@a";
	options.passes = 3;
	over_after = 3;
	lab_main();
	CHECK(!tally.incomplete && nr_runs == 3 && strstr(did, "begin:2 required"),
	      "nor does a later pass of a replay");
}

int main(void)
{
	test_all();
	test_selection();
	test_tries();
	test_reasons();
	test_replay();
	test_passes();
	test_cut();
	return tap_done();
}
