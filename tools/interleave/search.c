/* SPDX-License-Identifier: MIT */
/* The search, breadth first, begun again as long as it learns something. */
#include "tools/interleave/search.h"

#include <stdlib.h>
#include <time.h>

#include "kernel/random.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/expand.h"
#include "tools/interleave/graph.h"
#include "tools/interleave/plain.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/state.h"
#include "tools/interleave/stop.h"

#define RANDOM_RUNS  64u
#define RANDOM_STEPS 2000u
#define REPORTED     (1u << 18) /* states between two reports of progress */

/* Takes random steps, a few times, because most shared data shows at once. */
static void run_at_random(const struct exploration *what)
{
	struct random random = {.state = 1};

	sharing_all(true);
	plain_learn_only(true);
	for (unsigned run = 0; run < RANDOM_RUNS; run++) {
		struct transition steps[MAX_TRANSITIONS];
		unsigned nr, class;

		cpus_begin(what);
		for (unsigned n = 0; n < RANDOM_STEPS && !stop_words; n++) {
			nr = cpus_steps(steps, MAX_TRANSITIONS);
			if (!nr)
				break;
			cpus_apply(steps[random_below(&random, nr)]);
		}
		cpus_rest();
		if (!stop_words && cpus_over())
			what->judge(&class);
	}
	sharing_all(false);
	plain_learn_only(false);
}

/*
 * A search with news is never the last. It may go on for a while, because more news saves another
 * search.
 */
static bool is_futile(u32 state)
{
	static u32 learnt_at;

	if (!sharing_grew())
		learnt_at = state;
	return state > 2 * learnt_at + 1000;
}

/* Returns false at a violation, at the bound, or if an assumption turned out to be false. */
static bool search(const struct exploration *what, struct result *result)
{
	*result = (struct result){.model = memory_model, .rounds = result->rounds + 1};
	graph_reset();
	cpus_begin(what);
	states_reset(what->cpus);
	expand_save((struct origin){.state = NOWHERE});
	result->states = 1;
	expand_check_limits(what);
	if (stop_words) /* before its first step */
		return expand_stopped(what, result, 0, NULL);
	for (u32 s = 0; s < result->states; s++) {
		graph_expand(s);
		if (!expand(what, result, s))
			return false;
		graph_expand(s + 1);
		if (is_futile(s))
			break; /* explore() begins again with the new knowledge */
		if (what->progress && (s + 1) % REPORTED == 0)
			what->progress(s + 1);
		if (result->states > what->max_states) {
			result->ending = END_CUT_OFF;
			return false;
		}
	}
	return true;
}

static void look_at_the_whole(const struct exploration *what, struct result *result)
{
	u32 lost = graph_without_end(result);

	if (lost == NOWHERE ||
	    expand_broken(what, result, BREACH_LIVELOCK,
			  "from here on there is no way to the end, whatever happens", lost, NULL))
		graph_count_ways(result);
}

double search_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct result explore(const struct exploration *what)
{
	struct result result = {0};
	double start = search_seconds();
	bool whole;

	sharing_reset(what->whole);
	plain_reset();
	if (!what->blind)
		run_at_random(what);
	do {
		free(result.path);
		result.path = NULL;
		sharing_freeze();
		whole = search(what, &result);
	} while (sharing_grew());
	if (whole)
		look_at_the_whole(what, &result);
	result.transitions = graph_edges();
	result.bytes = states_bytes() + graph_bytes(&result);
	result.seconds = search_seconds() - start;
	return result;
}
