/* SPDX-License-Identifier: MIT */
#include "tools/interleave/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/printk.h"
#include "kernel/random.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/graph.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/state.h"

#define RANDOM_RUNS  64u
#define RANDOM_STEPS 2000u
#define REPORTED     (1u << 18) /* states, from one report of progress to the next */

static u32 save_state(struct origin origin)
{
	bool fresh;
	u32 state = state_save(&fresh);

	if (fresh) {
		graph_add_state(state, origin);
	}
	return state;
}

/* False: the search is over. One that is tolerated is an end of this way alone. */
static bool broken(const struct exploration *what, struct result *result, enum breach breach,
		   const char *words, u32 state, const struct transition *last)
{
	bool tolerated = what->tolerated & BIT(breach);
	char *text = tolerated ? result->other : result->what;

	if (!tolerated || !text[0])
		snprintf(text, sizeof(result->what), "%s", words);
	if (tolerated)
		return true;
	result->ending = END_VIOLATED;
	result->breach = breach;
	graph_path(result, state, last);
	return false;
}

/* Nothing can happen in this state. */
static bool at_an_end(const struct exploration *what, struct result *result, u32 state)
{
	unsigned class = 0;
	const char *rule;
	char stuck[200];

	if (!cpus_over()) {
		cpus_describe_stuck(stuck, sizeof(stuck));
		return broken(what, result, BREACH_DEADLOCK, stuck, state, NULL);
	}
	cpus_rest();
	rule = what->judge(&class);
	cpus_go_on();
	state_spoiled();
	result->ends++;
	result->end[class]++;
	graph_end(state, (u8) class);
	return !rule || broken(what, result, what->breach[class], rule, state, NULL);
}

/* Interrupts may still come, but nothing that they do will mend it. */
static bool glance(const struct exploration *what, struct result *result, u32 state)
{
	const char *rule;

	if (!what->glance || !cpus_over() || !cpus_quiet())
		return true;
	cpus_rest();
	rule = what->glance();
	cpus_go_on();
	state_spoiled();
	if (rule && !broken(what, result, BREACH_JUDGE, rule, state, NULL))
		return false;
	state_load(state);
	return true;
}

/* A CPU has stopped in the middle of the step: there is no state behind it. */
static bool stopped(const struct exploration *what, struct result *result, u32 state,
		    const struct transition *step)
{
	const char *words = search_stopped;

	search_stopped = NULL;
	state_spoiled();
	return broken(what, result, BREACH_STOP, words, state, step);
}

/* The model has an end that the machine has not: what was found is of no value. */
static void check_limits(const struct exploration *what)
{
	if (!model_limit && what->limit)
		model_limit = what->limit();
	if (model_limit)
		panic("the model is too small: %s", model_limit);
}

static bool expand(const struct exploration *what, struct result *result, u32 state)
{
	struct transition steps[MAX_TRANSITIONS];
	const char *wrong;
	unsigned nr;

	state_load(state);
	wrong = what->invariant ? what->invariant() : NULL;
	if (wrong && !broken(what, result, BREACH_TLB, wrong, state, NULL))
		return false;
	nr = cpus_steps(steps, MAX_TRANSITIONS);
	if (!nr)
		return at_an_end(what, result, state);
	if (!glance(what, result, state))
		return false;
	for (unsigned i = 0; i < nr; i++) {
		u32 next;

		if (i)
			state_load(state);
		cpus_apply(steps[i]);
		if (search_stopped) {
			if (!stopped(what, result, state, &steps[i]))
				return false;
			continue;
		}
		check_limits(what);
		next = save_state((struct origin){state, steps[i]});
		if (next >= result->states)
			result->states = next + 1;
		graph_add_edge(next);
	}
	return true;
}

/* --- the search ------------------------------------------------------------------------------- */

/* Anything goes, a few times: most of what is shared shows at once. */
static void run_at_random(const struct exploration *what)
{
	struct random random = {.state = 1};

	sharing_all(true);
	for (unsigned run = 0; run < RANDOM_RUNS; run++) {
		struct transition steps[MAX_TRANSITIONS];
		unsigned nr, class;

		cpus_begin(what);
		for (unsigned n = 0; n < RANDOM_STEPS && !search_stopped; n++) {
			nr = cpus_steps(steps, MAX_TRANSITIONS);
			if (!nr)
				break;
			cpus_apply(steps[random_below(&random, nr)]);
		}
		cpus_rest();
		if (!search_stopped && cpus_over())
			what->judge(&class);
	}
	sharing_all(false);
}

/* Once something was learnt this search is not the last; what else is learnt soon saves one
 * more. */
static bool is_futile(u32 state)
{
	static u32 learnt_at;

	if (!sharing_grew())
		learnt_at = state;
	return state > 2 * learnt_at + 1000;
}

/* False: a violation, the bound, or something that was taken for granted and is not so. */
static bool search(const struct exploration *what, struct result *result)
{
	*result = (struct result){.model = memory_model, .rounds = result->rounds + 1};
	graph_reset();
	search_begin(what);
	states_reset(what->cpus);
	save_state((struct origin){.state = NOWHERE});
	result->states = 1;
	check_limits(what);
	if (search_stopped) /* before its first step */
		return stopped(what, result, 0, NULL);
	for (u32 s = 0; s < result->states; s++) {
		graph_expand(s);
		if (!expand(what, result, s))
			return false;
		graph_expand(s + 1);
		if (is_futile(s))
			return false;
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
	    broken(what, result, BREACH_LIVELOCK,
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
