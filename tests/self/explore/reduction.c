/* SPDX-License-Identifier: MIT */
/*
 * The reduction of sharing.h must change nothing, so small random programs are explored with and
 * without it and must have the same outcomes, and a weaker memory model must have all outcomes of a
 * stronger one.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/printk.h"
#include "kernel/random.h"
#include "tests/self/explore/program.h"
#include "tools/interleave/harness.h"

#define PROGRAMS     24u
#define MAX_OUTCOMES 8192u
#define MAX_TEXT     240u

/* --- a program -------------------------------------------------------------------------------- */

struct writing {
	struct random random;
	char text[MAX_TEXT];
	unsigned used, thread, threads, registers;
	bool called;
};

static void write_word(struct writing *w, const char *word)
{
	unsigned n = (unsigned)strlen(word);

	assert(w->used + n + 2 < MAX_TEXT);
	memcpy(w->text + w->used, word, n);
	w->used += n;
	w->text[w->used++] = ' ';
	w->text[w->used] = 0;
}

/* Often the thread's own variable, so not all are shared. */
static char some_variable(struct writing *w)
{
	unsigned n =
		random_below(&w->random, 2) ? w->thread : random_below(&w->random, PROGRAM_SHARED);

	return (char)('x' + n % PROGRAM_SHARED);
}

static void write_access(struct writing *w, const char *before)
{
	static const char *const load[] = {"", "", "", ".acq", "<-"};
	static const char *const store[] = {"=", "=", "=", "=", "|="};
	char word[32], variable = some_variable(w);
	unsigned kind = random_below(&w->random, 5), value = 1 + random_below(&w->random, 2);

	if (w->registers < PROGRAM_REGISTERS && random_below(&w->random, 2))
		snprintk(word, sizeof(word), "%sr%u=%c%s%s", before, w->registers++, variable,
			 load[kind],
			 kind < 4     ? ""
			 : value == 1 ? "1"
				      : "2");
	else
		snprintk(word, sizeof(word), "%s%c%s%u%s", before, variable, store[kind], value,
			 kind == 3 ? ".rel" : "");
	write_word(w, word);
}

static void write_call(struct writing *w)
{
	unsigned target = (w->thread + 1) % w->threads;
	char before[8];

	w->called = true;
	snprintk(before, sizeof(before), "call%u:", target);
	write_access(w, before);
}

static void write_step(struct writing *w)
{
	static const char *const barrier[] = {"mb", "rmb", "wmb"};
	unsigned kind = random_below(&w->random, 10);

	if (kind == 0) {
		write_word(w, barrier[random_below(&w->random, ARRAY_SIZE(barrier))]);
	} else if (kind == 1 && !w->called) {
		write_call(w);
	} else if (kind == 2) {
		write_word(w, "off");
		write_access(w, "");
		write_word(w, "on");
	} else {
		write_access(w, "");
	}
}

static const char *write_program(unsigned seed)
{
	static struct writing w;
	unsigned steps;

	memset(&w, 0, sizeof(w));
	w.random = random_stream(seed, 1);
	w.threads = 2 + random_below(&w.random, 2);
	steps = w.threads == 2 ? 4 : 3;
	for (w.thread = 0; w.thread < w.threads; w.thread++) {
		if (w.thread)
			write_word(&w, "|");
		for (unsigned i = 0; i < steps; i++)
			write_step(&w);
	}
	return w.text;
}

/* --- its outcomes --------------------------------------------------------------------------- */

struct outcomes {
	unsigned nr;
	u64 value[MAX_OUTCOMES]; /* in no order */
	enum memory_model model;
	unsigned program;
};

static struct outcomes seen; /* of the running exploration */

static bool has(const struct outcomes *outcomes, u64 value)
{
	for (unsigned i = 0; i < outcomes->nr; i++)
		if (outcomes->value[i] == value)
			return true;
	return false;
}

static unsigned nr_missing(const struct outcomes *from, const struct outcomes *of)
{
	unsigned n = 0;

	for (unsigned i = 0; i < of->nr; i++)
		n += !has(from, of->value[i]);
	return n;
}

static void setup(const void *context)
{
	seen.nr = 0;
	program_setup(context);
}

static const char *judge(unsigned *class)
{
	u64 outcome = program_outcome();

	*class = 0;
	if (!has(&seen, outcome)) {
		assert(seen.nr < MAX_OUTCOMES);
		seen.value[seen.nr++] = outcome;
	}
	return NULL;
}

static struct result explore_program(bool whole)
{
	struct exploration what = {.cpus = program_threads(),
				   .setup = setup,
				   .run = program_run,
				   .judge = judge,
				   .whole = whole,
				   .blind = true,
				   .max_states = 4000000};
	struct result result = explore(&what);

	free(result.path);
	return result;
}

static bool run(unsigned program)
{
	static struct outcomes stronger = {.model = NR_MEMORY_MODELS}, reduced;
	const char *text = write_program(program);
	struct result small, large;
	unsigned lost, wrong, forbidden = 0;

	program_set(text);
	small = explore_program(false);
	reduced = seen;
	large = explore_program(true);
	lost = nr_missing(&reduced, &seen);
	wrong = nr_missing(&seen, &reduced);
	if (stronger.model < memory_model && stronger.program == program)
		forbidden = nr_missing(&seen, &stronger);
	stronger = seen;
	stronger.model = memory_model;
	stronger.program = program;
	printk("# ev=reduction program=%u model=%s threads=\"%s\" outcomes=%u lost=%u wrong=%u forbidden=%u states=%u whole-states=%u\n",
	       program, memory_model_name[memory_model], text, seen.nr, lost, wrong, forbidden,
	       small.states, large.states);
	return small.ending == END_HOLDS && large.ending == END_HOLDS && seen.nr && !lost &&
	       !wrong && !forbidden;
}

static const char *name(unsigned program)
{
	static char text[40];

	snprintk(text, sizeof(text), "reduction/program-%u", program);
	return text;
}

static bool under(unsigned program, enum memory_model model)
{
	(void)program;
	(void)model;
	return true;
}

const struct harness reduction_harness = {PROGRAMS, name, under, run};
