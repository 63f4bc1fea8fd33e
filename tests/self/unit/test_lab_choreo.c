/* SPDX-License-Identifier: MIT */
/* Tests where and how long tests/lab/choreo.c holds a role, and its record. */
#include "tests/self/unit/choreo_lab.h"

static void test_reached(void)
{
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].act = act;
	choreo_begin(&v);
	CHECK(GOES(0, walk_end) && GOES(1, walk_begin),
	      "other points, other roles: nobody is held");
	did[0] = 0;
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done), R(1, zap_done)),
	      "held until the other one gets there");
	CHECK(did_just("0@walk_begin=0#3 1@clear_done=0#4 1@zap_done=0#5 act "),
	      "each arrival is on record in the order of the tickets, then the step's act");
	CHECK(choreo_released_by(0, 0) && !choreo_released_by(0, 1), "by the first alternative");
	CHECK(choreo_complete() && !choreo_stuck(), "the script was played");
	CHECK(GOES(0, walk_begin) && did_just("0@walk_begin=0#6 "),
	      "a step is played once, and so is its act");
	choreo_end();
	CHECK(!race_recording(), "choreo_end(): nothing is recorded any more");
	did[0] = 0;
	choreo_begin(&v);
	CHECK(!choreo_complete() && !choreo_released_by(0, 0), "and it begins anew");
	CHECK(GOES(1, zap_done) && GOES(0, walk_begin), "who was there before holds nobody");
	CHECK(did_just("1@zap_done=0#1 0@walk_begin=0#2 act "), "the act is done even so");
}

static void test_irqs(void)
{
	irqs_while_recording = recorded_without_lock = false;
	test_reached();
	CHECK(!irqs_while_recording && !recorded_without_lock,
	      "all is recorded with the lock and interrupts off");
	CHECK(model_irqs_on(2) && model_irqs_on(1), "which come on again");
	AS_CPU(2, irq_disable());
	GOES(0, walk_end);
	CHECK(!model_irqs_on(2), "if they were on");
}

static void test_times(void)
{
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 3);
	choreo_begin(&v);
	GOES(1, zap_done);
	CHECK(HELD_FOR(0, walk_begin, R(1, zap_done), R(1, clear_done), R(1, zap_done)),
	      "held until the third time there");
	CHECK(choreo_released_by(0, 0), "by the first alternative");
	fresh(2);
	hold(0, 0, RACE_walk_begin)->nth = 2;
	steps[0].until[0] = reached(1, RACE_zap_done, 1);
	choreo_begin(&v);
	CHECK(GOES(0, walk_begin) && HELD_FOR(0, walk_begin, R(1, zap_done)),
	      "nth: the second arrival is held");
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 0xff);
	choreo_begin(&v);
	for (unsigned i = 0; i < 600; i++)
		reach(1, RACE_zap_done);
	CHECK(GOES(0, walk_begin) && lab.reached[1][RACE_zap_done] == 0xff,
	      "arrivals are counted up to 255");
	for (unsigned i = 0; i < 5; i++)
		reach(1, RACE_clear_done);
	CHECK(lab.reached[1][RACE_clear_done] == 5, "one by one");
}

static void test_alternatives(void)
{
	for (unsigned i = 0; i < 3; i++) {
		static const u8 points[] = {RACE_zap_done, RACE_clear_done, RACE_set_done};

		fresh(2);
		hold(0, 0, RACE_walk_begin);
		for (unsigned k = 0; k < 3; k++)
			steps[0].until[k] = reached(1, points[k], 1);
		choreo_begin(&v);
		reach(1, points[i]);
		CHECK(GOES(0, walk_begin) && choreo_released_by(0, i) && choreo_complete(),
		      "alternative %u", i);
		for (unsigned k = 0; k < 3; k++)
			CHECK(choreo_released_by(0, k) == (k == i), "and not %u", k);
	}
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].until[1] = reached(1, RACE_clear_done, 2);
	steps[0].until[2] = reached(1, RACE_set_done, 2);
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done), R(1, set_done), R(1, set_done)),
	      "held while none of three is true");
	fresh(2);
	hold(0, 0, RACE_walk_begin);
	choreo_begin(&v);
	CHECK(GOES(0, walk_begin) && choreo_released_by(0, 0) && choreo_complete(),
	      "a step without any waits for nothing");
	fresh(3);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].until[2] = reached(2, RACE_zap_done, 1);
	choreo_begin(&v);
	reach(2, RACE_zap_done);
	CHECK(HELD_FOR(0, walk_begin, R(1, zap_done)), "an empty one ends the list");
}

static void test_steps_in_order(void)
{
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	hold(1, 1, RACE_zap_done);
	hold(2, 0, RACE_walk_end)->until[0] = reached(1, RACE_set_done, 1);
	hold(3, 0, RACE_walk_begin)->until[0] = reached(1, RACE_role_done, 1);
	choreo_begin(&v);
	CHECK(GOES(0, walk_end), "its second step is not its next one");
	CHECK(HELD_FOR(0, walk_begin, R(1, zap_done)), "its first is");
	CHECK(GOES(0, walk_begin) && GOES(1, zap_done), "then the second one is, alone");
	CHECK(HELD_FOR(0, walk_end, R(1, set_done)), "which it is held at");
	CHECK(HELD_FOR(0, walk_begin, R(1, role_done)), "and the fourth of all is its third");
	CHECK(choreo_complete() && GOES(0, walk_end), "after which it has none");
	fresh(2);
	hold(1, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	v.script.nr = 1;
	choreo_begin(&v);
	CHECK(GOES(0, walk_begin) && choreo_complete(), "one behind the last is no step");
	v.script.nr = MAX_SCRIPT + 1;
	CHECK(PANICS(choreo_begin(&v)), "more than there is room for is refused");
	v.script.nr = MAX_SCRIPT;
	CHECK(!PANICS(choreo_begin(&v)), "as much as there is room for is not");
	memset(lab.released_by, 1, sizeof(lab.released_by));
	choreo_begin(&v);
	CHECK(!lab.released_by[0] && !lab.released_by[MAX_SCRIPT - 1], "each place begins anew");
}

/* Interrupts come again when the record is whole and no CPU has the lock. */
static bool woken, woken_whole;

static void look_around(void)
{
	woken = true;
	woken_whole = !lab.lock && lab.word[1] == WORD_GO && !lab.parked[1];
}

static void wake_in(unsigned role)
{
	woken = woken_whole = false;
	model_slow_ipis = true;
	model_wake_hook = look_around;
	AS_CPU(0, ipi_send(v.cpu[role], IPI_WAKE));
}

static void test_interrupted(void)
{
	fresh(2);
	v.cpu[0] = 2;
	hold(0, 1, RACE_clear_done)->until[0] = reached(0, RACE_walk_end, 1);
	choreo_begin(&v);
	lab.parked[1] = &steps[0];
	lab.word[1] = WORD_PARKED;
	wake_in(0);
	reach(0, RACE_walk_end);
	CHECK(woken && woken_whole, "at a race point");
	lab.parked[1] = &steps[0];
	lab.word[1] = WORD_PARKED;
	lab.reached[0][RACE_walk_end] = 0;
	wake_in(0);
	over(0);
	CHECK(woken && woken_whole, "and at a role's end");
}

static void test_replay(void)
{
	fresh(2);
	v.mode = MODE_REPLAY;
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].act = act;
	choreo_begin(&v);
	reach(1, RACE_zap_done);
	CHECK(!lab.reached[1][RACE_zap_done],
	      "what was before the role's beginning does not count");
	did[0] = 0;
	CHECK(HELD_FOR(0, walk_begin, R(1, zap_done), R(1, role_start), R(1, zap_done)),
	      "what comes after it does");
	CHECK(did_just("0@walk_begin=0#2 1@zap_done=0#3 replayed:1@zap_done 1@role_start=0#4 "
		       "replayed:1@role_start 1@zap_done=0#5 replayed:1@zap_done "
		       "replayed:0@walk_begin "),
	      "and the acts are the scenario's, wherever it stands");
	CHECK(lab.reached[1][RACE_role_start] == 1, "the beginning itself counts");
}

static void test_roles(void)
{
	unsigned before = resets;

	fresh(2);
	choreo_begin(&v);
	CHECK(resets == before + 1, "the record begins anew");
	did[0] = 0;
	v.nr_roles = 3;
	reach(2, RACE_zap_done);
	CHECK(did_just(""), "a CPU that plays no role is not recorded");
	choreo_begin(&v);
	reach(2, RACE_zap_done);
	CHECK(did_just("2@zap_done=0#1 "), "one that does is, from the first ticket on");
	reach_with(1, RACE_clear_done, 7);
	CHECK(did_just("1@clear_done=7#2 "), "with the value");
	waits(1, WAIT_LOCK, 0);
	CHECK(did_just(""), "that a wait goes on is no event");
	over(0);
	lab.word[1] = WORD_PARKED;
	lab.parked[1] = &steps[0];
	lab.next_step[1] = 3;
	lab.lock = 0;
	choreo_begin(&v);
	CHECK(lab.word[1] == WORD_GO && !lab.parked[1] && !lab.over[0] && !lab.next_step[1] &&
		      !lab.reached[1][RACE_clear_done] && !lab.reached[2][RACE_zap_done] &&
		      lab.role_of[0] == NO_ROLE && lab.role_of[2] == 0,
	      "nothing is left of the variant before");
}

int main(void)
{
	test_irqs();
	test_times();
	test_alternatives();
	test_steps_in_order();
	test_interrupted();
	test_replay();
	test_roles();
	return tap_done();
}
