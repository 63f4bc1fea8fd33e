/* SPDX-License-Identifier: MIT */
#include "tools/explore/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/printk.h"
#include "kernel/random.h"
#include "tools/explore/cpus.h"
#include "tools/explore/sharing.h"
#include "tools/explore/state.h"

#define NOWHERE	     (~0u)
#define MAX_PATH     4096u /* of one that is followed */
#define RANDOM_RUNS  64u
#define RANDOM_STEPS 2000u
#define REPORTED     (1u << 18) /* states, from one report of progress to the next */

struct origin {
	u32 state; /* NOWHERE: the beginning */
	struct transition step;
};

/* What is known of the states, by number. */
static struct {
	struct origin *origin;
	u32 *first; /* its first edge; of all, in the order of states */
	u8 *class;  /* of an end; NOT_AN_END */
	u32 capacity;
	u32 *edge; /* the state it leads to */
	u64 nr_edges, edge_capacity;
} graph;

#define NOT_AN_END 0xff

static void *grown(void *memory, size_t bytes)
{
	memory = realloc(memory, bytes);
	if (!memory)
		panic("out of memory: %zu bytes of states", bytes);
	return memory;
}

static void room_for_state(u32 state)
{
	if (state < graph.capacity)
		return;
	graph.capacity = graph.capacity ? 2 * graph.capacity : 4096;
	graph.origin = grown(graph.origin, graph.capacity * sizeof(*graph.origin));
	graph.first = grown(graph.first, (graph.capacity + 1) * sizeof(*graph.first));
	graph.class = grown(graph.class, graph.capacity);
}

static void add_edge(u32 to)
{
	if (graph.nr_edges == graph.edge_capacity) {
		graph.edge_capacity = graph.edge_capacity ? 2 * graph.edge_capacity : 16384;
		graph.edge = grown(graph.edge, graph.edge_capacity * sizeof(*graph.edge));
	}
	graph.edge[graph.nr_edges++] = to;
}

static u32 save_state(struct origin origin)
{
	bool fresh;
	u32 state = state_save(&fresh);

	if (fresh) {
		room_for_state(state);
		graph.origin[state] = origin;
		graph.class[state] = NOT_AN_END;
	}
	return state;
}

/* The steps from the beginning to the state, and one more if there is one. */
static void path_to(struct result *result, u32 state, const struct transition *last)
{
	unsigned n = last ? 1 : 0, at;

	for (u32 s = state; graph.origin[s].state != NOWHERE; s = graph.origin[s].state)
		n++;
	result->path = grown(NULL, (n + 1) * sizeof(*result->path));
	result->nr_path = at = n;
	if (last)
		result->path[--at] = *last;
	for (u32 s = state; graph.origin[s].state != NOWHERE; s = graph.origin[s].state)
		result->path[--at] = graph.origin[s].step;
}

static bool violated(struct result *result, const char *what, u32 state,
		     const struct transition *last)
{
	result->ending = END_VIOLATED;
	snprintf(result->what, sizeof(result->what), "%s", what);
	path_to(result, state, last);
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
		return violated(result, stuck, state, NULL);
	}
	cpus_rest();
	rule = what->judge(&class);
	cpus_go_on();
	state_spoiled();
	result->ends++;
	result->end[class]++;
	graph.class[state] = (u8) class;
	return rule ? violated(result, rule, state, NULL) : true;
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
	if (rule)
		return violated(result, rule, state, NULL);
	state_load(state);
	return true;
}

static bool expand(const struct exploration *what, struct result *result, u32 state)
{
	struct transition steps[MAX_TRANSITIONS];
	unsigned nr;

	state_load(state);
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
		if (search_stopped)
			return violated(result, search_stopped, state, &steps[i]);
		if (model_limit)
			panic("the bound is too small: %s", model_limit);
		next = save_state((struct origin){state, steps[i]});
		if (next >= result->states)
			result->states = next + 1;
		add_edge(next);
	}
	return true;
}

/* --- what the graph says as a whole
 * --------------------------------------------------------------- */

/* Interleavings: the number of ways through the graph, in topological order. */
static void count_ways(struct result *result)
{
	u32 n = result->states, *indegree = calloc(n, sizeof(u32)), *queue = grown(NULL, n * 4ul);
	double *ways = calloc(n, sizeof(double));
	u32 head = 0, tail = 0;

	for (u64 i = 0; i < graph.nr_edges; i++)
		indegree[graph.edge[i]]++;
	ways[0] = 1;
	if (!indegree[0])
		queue[tail++] = 0;
	while (head < tail) {
		u32 s = queue[head++];

		if (graph.class[s] != NOT_AN_END) {
			result->interleavings += ways[s];
			result->class[graph.class[s]] += ways[s];
		}
		for (u32 i = graph.first[s]; i < graph.first[s + 1]; i++) {
			ways[graph.edge[i]] += ways[s];
			if (!--indegree[graph.edge[i]])
				queue[tail++] = graph.edge[i];
		}
	}
	if (tail < n)
		result->interleavings = -1;
	free(indegree);
	free(queue);
	free(ways);
}

/* From every state there is a way to an end: marks backwards from the ends, over edges that are
 * turned around. Returns a state from which there is none, the first found; NOWHERE: all is well.
 */
static u32 state_without_end(struct result *result)
{
	u32 n = result->states, *start = calloc(n + 1ul, sizeof(u32)), *at, *queue, found = NOWHERE;
	u32 *back = grown(NULL, (graph.nr_edges + 1) * sizeof(u32)), head = 0, tail = 0;
	u8 *good = calloc(n, 1);

	for (u64 i = 0; i < graph.nr_edges; i++)
		start[graph.edge[i] + 1]++;
	for (u32 s = 0; s < n; s++)
		start[s + 1] += start[s];
	at = grown(NULL, (n + 1ul) * sizeof(u32));
	memcpy(at, start, (n + 1ul) * sizeof(u32));
	for (u32 s = 0; s < n; s++)
		for (u32 i = graph.first[s]; i < graph.first[s + 1]; i++)
			back[at[graph.edge[i]]++] = s;
	queue = at; /* no longer needed as such */
	for (u32 s = 0; s < n; s++)
		if (graph.class[s] != NOT_AN_END) {
			good[s] = 1;
			queue[tail++] = s;
		}
	while (head < tail) {
		u32 s = queue[head++];

		for (u32 i = start[s]; i < start[s + 1]; i++)
			if (!good[back[i]]) {
				good[back[i]] = 1;
				queue[tail++] = back[i];
			}
	}
	for (u32 s = 0; s < n && found == NOWHERE; s++)
		found = good[s] ? NOWHERE : s;
	free(start);
	free(at);
	free(back);
	free(good);
	return found;
}

/* --- the search
 * ------------------------------------------------------------------------------------ */

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

/* Once something was learnt this search is not the last; what else is learnt soon saves one more.
 */
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
	graph.nr_edges = 0;
	search_begin(what);
	states_reset(what->cpus);
	save_state((struct origin){.state = NOWHERE});
	result->states = 1;
	for (u32 s = 0; s < result->states; s++) {
		graph.first[s] = (u32)graph.nr_edges;
		if (!expand(what, result, s))
			return false;
		graph.first[s + 1] = (u32)graph.nr_edges;
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

static void look_at_the_whole(struct result *result)
{
	u32 lost = state_without_end(result);

	if (lost != NOWHERE)
		violated(result, "from here on there is no way to the end, whatever happens", lost,
			 NULL);
	else
		count_ways(result);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void search_begin(const struct exploration *what)
{
	cpus_begin(what);
}

void search_apply(struct transition step)
{
	cpus_apply(step);
}

struct op search_apply_watching(struct transition step)
{
	cpus_apply(step);
	return cpus_performed();
}

/* What the present state breaks, if every part is over. */
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

/* False: it cannot be taken here, or the CPU stopped in it. */
static bool take_step(struct result *result, struct transition step)
{
	assert(result->nr_path < MAX_PATH);
	if (!is_possible(step))
		return false;
	result->path[result->nr_path++] = step;
	cpus_apply(step);
	return !search_stopped;
}

/* The CPU stands before what is a step only because stores of its own were on their way: it was
 * none under the model that has no such stores. */
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
	double start = seconds();
	const char *rule = NULL;
	bool went = true;

	result.path = grown(NULL, MAX_PATH * sizeof(*path->path));
	search_begin(what);
	for (unsigned i = 0; i < path->nr_path && went; i++)
		went = path->model == MEMORY_SC ? take_step_at_once(&result, path->path[i])
						: take_step(&result, path->path[i]);
	if (search_stopped)
		rule = search_stopped;
	else if (went)
		rule = broken_now(what);
	if (rule) {
		result.ending = END_VIOLATED;
		snprintf(result.what, sizeof(result.what), "%s", rule);
	}
	result.states = result.nr_path + 1;
	result.seconds = seconds() - start;
	return result;
}

struct result explore(const struct exploration *what)
{
	struct result result = {0};
	double start = seconds();
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
		look_at_the_whole(&result);
	result.transitions = graph.nr_edges;
	result.bytes = states_bytes() + graph.nr_edges * sizeof(u32) +
		       result.states * (sizeof(struct origin) + sizeof(u32) + 1ul);
	result.seconds = seconds() - start;
	return result;
}
