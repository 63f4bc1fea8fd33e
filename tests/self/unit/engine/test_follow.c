/* SPDX-License-Identifier: MIT */
/* Tests tools/interleave/follow.c, which takes a path again under another model. */
#include "tests/self/unit/engine/parts.h"

static const char *always(void)
{
	return "at any time";
}

static void test_path(void)
{
	struct exploration what = exploration_of(MEMORY_SC, store_then_load, store_then_load, NULL);
	struct result again;

	what.judge = no_both;
	explored(&what);
	what.glance = no_both_at_a_glance;
	memory_model = MEMORY_TSO;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_VIOLATED && again.breach == BREACH_JUDGE &&
		      !strcmp(again.what, "both, at a glance") && again.model == MEMORY_TSO,
	      "what breaks under sc breaks under tso");
	CHECK(again.nr_path == 6 && again.states == 7,
	      "with each store on its way and at memory: %u steps", again.nr_path);
	CHECK(again.path[0].kind == STEP_RUN && again.path[1].kind == STEP_COMMIT &&
		      again.path[0].cpu == again.path[1].cpu,
	      "one at once after the other");
	free(again.path);
	what.tolerated = BIT(BREACH_JUDGE);
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS && !again.what[0], "not if that is tolerated");
	free(again.path);
	what.tolerated = 0;
	result.nr_path--;
	what.glance = always;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS, "nor if a part of it is not over at its end");
	free(again.path);
	result.path[0].kind = STEP_COMMIT;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS && again.nr_path == 0,
	      "a step that cannot be taken ends it");
	free(again.path);
	what = exploration_of(MEMORY_SC, store_twice, stop_at_two, NULL);
	explored(&what);
	memory_model = MEMORY_PSO;
	again = explore_path(&what, &result);
	CHECK(again.ending == END_VIOLATED && again.breach == BREACH_STOP &&
		      !strcmp(again.what, "CPU 1 stopped: it is 2"),
	      "a stop is one again");
	free(again.path);
	what.tolerated = BIT(BREACH_STOP);
	again = explore_path(&what, &result);
	CHECK(again.ending == END_HOLDS, "or tolerated");
	free(again.path);
}

int main(void)
{
	test_path();
	free(result.path);
	return tap_done();
}
