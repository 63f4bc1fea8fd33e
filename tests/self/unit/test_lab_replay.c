/* SPDX-License-Identifier: MIT */
/* Tests that tests/lab/replay.c makes a script of the explorer's schedule, or refuses it. */
#include <string.h>

#include "kernel/string.h"
#include "tests/lab/replay.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/tap.h"

#define NR_ROLES 3u

static const struct scenario scenario = {
	.name = "pte/one",
	.roles = {{.name = "walker"}, {.name = "writer"}, {.name = "0x"}},
	.nr_cells = 4};

unsigned scenario_roles(const struct scenario *of)
{
	CHECK(of == &scenario, "asked of the scenario");
	return NR_ROLES;
}

static void read_schedule(const char *text)
{
	machine_reset();
	nr_places = 0;
	cell = NULL;
	memset(steps, 0, sizeof(steps));
	nr_steps = 0;
	replay_read(text, &scenario);
}

static bool refused(const char *text, const char *words)
{
	return PANICS(read_schedule(text)) && panic_says(words);
}

static void test_take(void)
{
	const char *at = "ab@c#de";
	char text[4];

	CHECK(!strcmp(take(&at, "@", text, sizeof(text)), "ab") && !strcmp(at, "c#de"),
	      "up to the mark, which is left behind");
	CHECK(!strcmp(take(&at, ",#", text, sizeof(text)), "c") && !strcmp(at, "de"),
	      "of several marks");
	CHECK(!strcmp(take(&at, "@", text, sizeof(text)), "de") && !*at, "or up to the end");
	CHECK(!strcmp(take(&at, "@", text, sizeof(text)), "") && !*at, "of which there is nothing");
	at = "abcde,f";
	CHECK(!strcmp(take(&at, ",", text, sizeof(text)), "abc") && !strcmp(at, "f"),
	      "what there is no room for is cut");
}

struct held {
	u8 role, at, nth, by_role, by_point, by_nth;
};

/* The script holds exactly these, in this order. */
static bool holds_are(const struct held *expected, unsigned n)
{
	if (replay_script().nr != n)
		return false;
	for (unsigned i = 0; i < n; i++) {
		const struct step *step = &replay_script().steps[i];
		const struct release *release = &step->until[0];

		if (step->act)
			return false;
		if (step->role != expected[i].role || step->at != expected[i].at ||
		    step->nth != expected[i].nth || release->kind != RELEASE_REACHED ||
		    release->role != expected[i].by_role ||
		    release->point != expected[i].by_point ||
		    release->times != expected[i].by_nth || step->until[1].kind)
			return false;
	}
	return true;
}

#define HOLDS_ARE(...)                                                                             \
	({                                                                                         \
		static const struct held held_[] = {__VA_ARGS__};                                  \
		holds_are(held_, ARRAY_SIZE(held_));                                               \
	})
#define P(point) RACE_##point

static void test_scripts(void)
{
	read_schedule("3:");
	CHECK(replay_cell() == &scenario.cells[3] && HOLDS_ARE(), "no place: nobody is held");
	read_schedule("0:walker@walk_begin");
	CHECK(replay_cell() == &scenario.cells[0] &&
		      HOLDS_ARE({1, P(role_start), 1, 0, P(walk_begin), 1},
				{2, P(role_start), 1, 0, P(walk_begin), 1}),
	      "one place: all others wait for it at their beginning");
	read_schedule("1:walker@walk_begin#2,writer@zap_done,walker@walk_end#255");
	CHECK(HOLDS_ARE({0, P(walk_begin), 2, 1, P(zap_done), 1},
			{1, P(role_start), 1, 0, P(walk_begin), 2},
			{1, P(zap_done), 1, 0, P(walk_end), 255},
			{2, P(role_start), 1, 0, P(walk_end), 255}),
	      "turns: each waits at its place for the one before its next");
	read_schedule("1:2@pte_before_low,2@pte_read_done,1@role_done");
	CHECK(HOLDS_ARE({0, P(role_start), 1, 1, P(role_done), 1},
			{1, P(role_start), 1, 2, P(pte_read_done), 1},
			{2, P(pte_read_done), 1, 1, P(role_done), 1}),
	      "two places of one in a row: the first holds nobody");
	read_schedule("1:0x@walk_begin");
	CHECK(HOLDS_ARE({0, P(role_start), 1, 2, P(walk_begin), 1},
			{1, P(role_start), 1, 2, P(walk_begin), 1}),
	      "a name goes before a number");
	read_schedule("0:0@walk_begin,1@clear_done,0@walk_end");
	CHECK(nr_places == 3 && place[0].role == 0 && place[1].role == 1, "roles by number");
}

static void test_refused(void)
{
	CHECK(refused("4:", "lab.replay: there is no cell 4 of pte/one. Valid: 0..3"), "a cell");
	CHECK(refused("x:walker@walk_begin", "there is no cell x of pte/one"), "a cell by name");
	CHECK(refused("", "there is no cell  of"), "none at all");
	CHECK(refused("0:reader@walk_begin", "lab.replay: pte/one has no role reader. Valid: walker and the other names of its roles, or 0..2"),
	      "a role");
	CHECK(refused("0:3@walk_begin", "has no role 3"), "a role by number");
	CHECK(refused("0:walker@nowhere",
		      "lab.replay: there is no race point nowhere. Valid: those of kernel/hooks/races.def"),
	      "a point");
	CHECK(refused("0:walker@walk_begin#0",
		      "lab.replay: bad place walker@walk_begin#0. Valid: <role>@<point>#<1..255>"),
	      "the 0th time");
	CHECK(refused("0:walker@walk_begin#256", "bad place"), "the 256th");
	CHECK(refused("0:walker@walk_begin#x", "bad place"), "what is no number");
	CHECK(!refused("0:walker@pte_before_low,writer@role_done", ""),
	      "first and last points are points");
}

/* Four of the script's 24 places are left for the roles' beginnings. */
static void test_room(void)
{
	char text[600] = "0:";

	for (unsigned i = 0; i < 20; i++)
		strcat(strcat(text, i ? "," : ""), i % 2 ? "writer@zap_done" : "walker@walk_begin");
	CHECK(!refused(text, "") && nr_places == 20, "twenty places");
	strcat(text, ",walker@walk_end");
	CHECK(refused(text, "lab.replay: more than 20 places"), "are the most");
	/* 79 characters of a place are read, and 39 of a name in it. */
	strcpy(text, "0:");
	memset(text + 2, 'y', 100);
	text[102] = 0;
	CHECK(refused(text, "has no role yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy. Valid"),
	      "a long name is cut at 39");
	strcpy(text, "0:walker@walk_begin#");
	memset(text + 20, '0', 61);
	strcpy(text + 81, "1");
	CHECK(refused(text, "bad place walker@walk_begin#0000000000000000000000000000000000000000000000000000000000000. V"),
	      "and a long place at 79");
}

int main(void)
{
	test_take();
	test_scripts();
	test_refused();
	test_room();
	return tap_done();
}
