/* SPDX-License-Identifier: MIT */
/* Tries a counterexample of one memory model under another. */
#include "tools/interleave/follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/printk.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/search.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/stop.h"

#define MAX_PATH 4096u

/* Returns the rule broken by the present state, if every part has ended. */
static const char *broken_now(const struct exploration *what)
{
	const char *rule = NULL;

	if (!cpus_over() || !cpus_quiet())
		return NULL;
	cpus_rest();
	rule = what->glance ? what->glance() : NULL;
	cpus_go_on();
	return rule;
}

static bool is_possible(struct transition step)
{
	struct transition steps[MAX_TRANSITIONS];
	unsigned nr = cpus_steps(steps, MAX_TRANSITIONS);

	for (unsigned i = 0; i < nr; i++)
		if (!memcmp(&steps[i], &step, sizeof(step)))
			return true;
	return false;
}

/* Returns false if the step cannot be taken here, or if the CPU stopped in it. */
static bool take_step(struct result *result, struct transition step)
{
	assert(result->nr_path < MAX_PATH);
	if (!is_possible(step))
		return false;
	result->path[result->nr_path++] = step;
	cpus_apply(step);
	return !stop_words;
}

/* The CPU waits before a step only because stores of its own were on their way. The other model has
 * no such stores, so there it was no step. */
static bool stands_before_extra_step(const struct model_cpu *cpu)
{
	return cpu->op.kind == OP_MB || (cpu->op.kind != OP_NONE && cpu->op.kind <= OP_FILL &&
					 !sharing_visible(cpu, &cpu->op));
}

static bool take_step_at_once(struct result *result, struct transition step)
{
	const struct model_cpu *cpu = &model_cpu[step.cpu];
	bool went = take_step(result, step);

	while (went && (cpu->nr_buffered || stands_before_extra_step(cpu)))
		went = take_step(result,
				 (struct transition){step.cpu,
						     cpu->nr_buffered ? STEP_COMMIT : STEP_RUN, 0});
	return went;
}

struct result explore_path(const struct exploration *what, const struct result *path)
{
	struct result result = {.ending = END_HOLDS, .model = memory_model};
	double start = search_seconds();
	const char *rule = NULL;
	bool went = true;

	result.path = calloc(MAX_PATH, sizeof(*path->path));
	assert(result.path);
	cpus_begin(what);
	for (unsigned i = 0; i < path->nr_path && went; i++)
		went = path->model == MEMORY_SC ? take_step_at_once(&result, path->path[i])
						: take_step(&result, path->path[i]);
	if (stop_words)
		rule = stop_words;
	else if (went)
		rule = broken_now(what);
	result.breach = stop_words ? BREACH_STOP : BREACH_JUDGE;
	if (rule && !(what->tolerated & BIT(result.breach))) {
		result.ending = END_VIOLATED;
		snprintf(result.what, sizeof(result.what), "%s", rule);
	}
	result.states = result.nr_path + 1;
	result.seconds = search_seconds() - start;
	return result;
}
