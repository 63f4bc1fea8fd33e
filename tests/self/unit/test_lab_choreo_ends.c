/* SPDX-License-Identifier: MIT */
/* tests/lab/choreo.c: who waits for a parked CPU, and what is said of a script that was not
 * played. */
#include "tests/self/unit/choreo_lab.h"

/* Role 1 tells twice that it waits for role 0, parked with interrupts on or off. Does this release
 * role 0? Otherwise another alternative does. */
static bool released_when_told_twice(enum wait_kind kind, bool irqs_on)
{
	const struct turn told[] = {{WAITS, 1, 0, (u8)kind, 0},
				    {WAITS, 1, 0, (u8)kind, 0},
				    {REACHES, 1, RACE_zap_done, 0, 0}};
	bool by_word;

	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = blocked(1);
	steps[0].until[1] = reached(1, RACE_zap_done, 1);
	choreo_begin(&v);
	AS_CPU(2, irqs_on ? irq_enable() : irq_disable());
	by_word = held_for(0, RACE_walk_begin, told, 2);
	CHECK(turn == (by_word ? 2 : 3) && choreo_released_by(0, !by_word),
	      "by the alternative that came true");
	return by_word;
}

static void test_blocked(void)
{
	static const struct {
		enum wait_kind kind;
		bool with_irqs_on, with_irqs_off;
	} rows[] = {
		{WAIT_ACK, false, true},  {WAIT_CALL, false, true},   {WAIT_LOCK, true, true},
		{WAIT_GRACE, true, true}, {WAIT_CLEAR, true, true},   {WAIT_NOWAIT, false, false},
		{WAIT_JOB, false, false}, {WAIT_START, false, false}, {WAIT_NONE, false, false},
	};

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *name = wait_kind_name[rows[i].kind] ? wait_kind_name[rows[i].kind] : "";

		CHECK(released_when_told_twice(rows[i].kind, true) == rows[i].with_irqs_on,
		      "a wait %u (%s) for a parked CPU with interrupts on", rows[i].kind, name);
		CHECK(released_when_told_twice(rows[i].kind, false) == rows[i].with_irqs_off,
		      "the same with interrupts off");
	}
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = blocked(1);
	choreo_begin(&v);
	waits(1, WAIT_LOCK, 0);
	waits(1, WAIT_LOCK, 0);
	CHECK(HELD_FOR(0, walk_begin, W(1, LOCK, 0), R(1, clear_done), W(1, LOCK, 0),
		       W(1, LOCK, 0)),
	      "what it told before it was parked, or before it went on, does not count");
	fresh(3);
	hold(0, 0, RACE_walk_begin)->until[0] = blocked(1);
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, W(1, LOCK, 0), W(1, LOCK, 2), W(1, LOCK, 0), W(2, LOCK, 0),
		       W(1, LOCK, 0)),
	      "nor do waits for others, or others' waits");
}

static void test_over(void)
{
	char text[120] = "";

	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].act = act;
	choreo_begin(&v);
	CHECK(choreo_missed(text, sizeof(text)) &&
		      !strcmp(text, "step 1 of the script was not reached: walker did not come to walk_begin"),
	      "a step that was not reached is told: %s", text);
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done), O(1)),
	      "one that waits for who is over goes on");
	CHECK(strstr(did, "act "), "with its act");
	CHECK(!choreo_released_by(0, 0) && !choreo_complete() && !choreo_stuck(),
	      "but that is no release");
	CHECK(choreo_missed(text, sizeof(text)) &&
		      !strcmp(text, "step 1 of the script was left by none of its alternatives: walker stood at walk_begin until those it waited for were ov"),
	      "and told, as far as there is room: %s", text);
	CHECK(!lab.over[0] && lab.over[1] && lab.role_of[1] == NO_ROLE, "role 1 alone is over");
	did[0] = 0;
	reach(1, RACE_zap_done);
	CHECK(did_just(""), "what its CPU does from then on is nobody's");
	fresh(3);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].until[1] = reached(2, RACE_zap_done, 1);
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, O(1), R(2, clear_done), O(2)),
	      "until all it waits for are over");
	fresh(2);
	hold(0, 0, RACE_walk_begin);
	choreo_begin(&v);
	GOES(0, walk_begin);
	text[0] = 'x';
	CHECK(!choreo_missed(text, sizeof(text)) && text[0] == 'x', "nothing missed, nothing told");
}

static void test_stuck(void)
{
	fresh(3);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	hold(1, 1, RACE_clear_done)->until[0] = reached(0, RACE_walk_end, 1);
	choreo_begin(&v);
	CHECK(!choreo_stuck(), "not stuck at first");
	over(2);
	/* CPU 1 parks within a pause of CPU 2, both of the same script, so no role is left. */
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done)) && choreo_stuck() &&
		      !strcmp(choreo_stuck(), "the script stopped: walker is held at walk_begin, writer is held at clear_done, third is over"),
	      "each stands somewhere: the script stopped, which is told: %s", lab.stuck);
	CHECK(!choreo_complete() && lab.word[1] == WORD_GO && !lab.parked[1], "all are let go");
	CHECK(lab.released_by[0] == BY_END && lab.released_by[1] == BY_END, "by no alternative");

	fresh(3);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	steps[0].until[1] = reached(2, RACE_zap_done, 1);
	choreo_begin(&v);
	AS_CPU(2, irq_disable());
	CHECK(HELD_FOR(0, walk_begin, O(2), W(1, ACK, 0), W(1, ACK, 0)) && choreo_stuck() &&
		      !strcmp(choreo_stuck(), "the script stopped: walker is held at walk_begin, writer waits for walker, third is over"),
	      "one that waits for a parked one cannot go on either: %s", lab.stuck);

	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, W(1, ACK, 0), W(1, ACK, 0), R(1, zap_done)) &&
		      !choreo_stuck(),
	      "one whose wait is answered by an interrupt can");

	fresh(2);
	hold(0, 1, RACE_clear_done)->until[0] = reached(0, RACE_zap_done, 1);
	choreo_begin(&v);
	CHECK(HELD_FOR(1, clear_done, W(0, LOCK, 1), W(0, LOCK, 1)) &&
		      !strcmp(choreo_stuck(), "the script stopped: walker waits for writer, writer is held at clear_done"),
	      "the first role may be the one that waits: %s", lab.stuck);
	memcpy(lab.stuck, "as it was", 10);
	hold(1, 1, RACE_zap_done)->until[0] = reached(0, RACE_zap_done, 1);
	CHECK(HELD_FOR(1, zap_done, W(0, LOCK, 1), W(0, LOCK, 1)) &&
		      !strcmp(choreo_stuck(), "as it was"),
	      "only the first stop is told");
	choreo_begin(&v);
	CHECK(!choreo_stuck(), "and forgotten in the next run");
}

static void test_stuck_in_a_circle(void)
{
	static char name[100] = {[0 ... 98] = 'x'};
	struct scenario long_names = {.roles = {{.name = name}, {.name = name}}};

	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	hold(1, 1, RACE_clear_done)->until[0] = reached(0, RACE_walk_end, 1);
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done)) && choreo_stuck(),
	      "two that are parked for each other are stuck");
	v.scenario = &long_names;
	choreo_begin(&v);
	CHECK(HELD_FOR(0, walk_begin, R(1, clear_done)) && strlen(choreo_stuck()) == 199,
	      "which is told as far as there is room");
	choreo_begin(&v);
	over(0);
	over(1);
	CHECK(!choreo_stuck(), "two that are over are not");
}

/* With the greatest number of roles, each is heard, and each can be waited for. */
static void test_four_roles(void)
{
	static const struct scenario four = {
		.roles = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}}};

	fresh(4);
	v.scenario = &four;
	hold(0, 3, RACE_walk_begin)->until[0] = reached(0, RACE_zap_done, 1);
	choreo_begin(&v);
	CHECK(HELD_FOR(3, walk_begin, O(1), O(2), W(0, LOCK, 3), R(0, clear_done), W(0, LOCK, 3),
		       W(0, LOCK, 3)) &&
		      !strcmp(choreo_stuck(), "the script stopped: a waits for d, b is over, c is over, d is held at walk_begin"),
	      "stuck when the last of four is: %s", lab.stuck);
}

static void test_plants(void)
{
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	choreo_begin(&v);
	plant = PLANT_script;
	CHECK(GOES(0, walk_begin) && lab.released_by[0] == BY_END,
	      "lab.plant=script: nobody is held, and no alternative was it");
	CHECK(!lab.released_by[1], "of what was parked alone");
	fresh(2);
	hold(0, 0, RACE_walk_begin);
	choreo_begin(&v);
	plant = PLANT_stuck;
	CHECK(HELD_FOR(0, walk_begin, R(1, zap_done), O(1)) && choreo_stuck() &&
		      lab.released_by[0] == BY_END,
	      "lab.plant=stuck: nothing lets it go, until the script stops");
}

static unsigned pauses;

static void count_pause(void)
{
	pauses++;
}

/* Each look takes 50 ms, so there are so many pauses before so many seconds have passed. */
static bool waited(unsigned seconds)
{
	bool right = pauses > 20 * seconds * SPINS_PER_LOOK &&
		     pauses < (20 * seconds + 3) * SPINS_PER_LOOK;

	if (!right)
		printf("# %u pauses\n", pauses);
	pauses = 0;
	return right;
}

static void test_waits_for_ever(void)
{
	fresh(2);
	hold(0, 0, RACE_walk_begin)->until[0] = reached(1, RACE_zap_done, 1);
	choreo_begin(&v);
	wait_deadline_s = 2;
	model_clock_step = 50000000;
	model_relax_hook = count_pause;
	CHECK(PANICS(reach(0, RACE_walk_begin)) && waited(2) &&
		      panic_says("role walker, parked at walk_begin (walk:7), was not released in 2 s"),
	      "one that is never let go is named");
	fresh(2);
	choreo_begin(&v);
	lab.lock = 4;
	wait_deadline_s = 3;
	model_clock_step = 50000000;
	model_relax_hook = count_pause;
	CHECK(PANICS(reach(0, RACE_walk_begin)) && waited(3) &&
		      panic_says("CPU 2 waited 3 s for the script's lock of CPU 3"),
	      "and so is who keeps the lock");
}

int main(void)
{
	test_blocked();
	test_over();
	test_stuck();
	test_stuck_in_a_circle();
	test_four_roles();
	test_plants();
	test_waits_for_ever();
	return tap_done();
}
