/* SPDX-License-Identifier: MIT */
/* Checks one state and takes everything that can happen next. */
#include "tools/interleave/expand.h"

#include <stdio.h>

#include "kernel/printk.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/state.h"
#include "tools/interleave/stop.h"

u32 expand_save(struct origin origin)
{
	bool fresh;
	u32 state = state_save(&fresh);

	if (fresh)
		graph_add_state(state, origin);
	return state;
}

bool expand_broken(const struct exploration *what, struct result *result, enum breach breach,
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
		return expand_broken(what, result, BREACH_DEADLOCK, stuck, state, NULL);
	}
	cpus_rest();
	rule = what->judge(&class);
	cpus_go_on();
	state_spoiled();
	result->ends++;
	result->end[class]++;
	graph_end(state, (u8) class);
	return !rule || expand_broken(what, result, what->breach[class], rule, state, NULL);
}

/* Interrupts may still come, but their handlers cannot mend it. */
static bool glance(const struct exploration *what, struct result *result, u32 state)
{
	const char *rule;

	if (!what->glance || !cpus_over() || !cpus_quiet())
		return true;
	cpus_rest();
	rule = what->glance();
	cpus_go_on();
	state_spoiled();
	if (rule && !expand_broken(what, result, BREACH_JUDGE, rule, state, NULL))
		return false;
	state_load(state);
	return true;
}

bool expand_stopped(const struct exploration *what, struct result *result, u32 state,
		    const struct transition *step)
{
	const char *words = stop_words;

	stop_words = NULL;
	state_spoiled();
	return expand_broken(what, result, BREACH_STOP, words, state, step);
}

void expand_check_limits(const struct exploration *what)
{
	if (!model_limit && what->limit)
		model_limit = what->limit();
	if (model_limit)
		panic("the model is too small: %s", model_limit);
}

bool expand(const struct exploration *what, struct result *result, u32 state)
{
	struct transition steps[MAX_TRANSITIONS];
	enum breach breach = BREACH_TLB;
	const char *wrong;
	unsigned nr;

	state_load(state);
	wrong = what->invariant ? what->invariant(&breach) : NULL;
	if (wrong && !expand_broken(what, result, breach, wrong, state, NULL))
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
		if (stop_words) {
			if (!expand_stopped(what, result, state, &steps[i]))
				return false;
			continue;
		}
		expand_check_limits(what);
		next = expand_save((struct origin){state, steps[i]});
		if (next >= result->states)
			result->states = next + 1;
		graph_add_edge(next);
	}
	return true;
}
