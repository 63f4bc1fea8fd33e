/* SPDX-License-Identifier: MIT */
/* Plays rounds of a cell until enough of them overlapped or the time is over. */
#include "tests/lab/stress.h"

#include <asm/clock.h>

#include "kernel/div.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/frames.h"
#include "tests/lab/freerun.h"
#include "tests/lab/judge.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"
#include "tests/lab/process.h"
#include "tests/lab/report.h"
#include "tests/lab/trace.h"

/* Clocks of two CPUs are never compared, so role 0 takes both ends of the budget. */
struct stress {
	struct histogram *h;
	u64 budget_ns, start; /* clock_ns() of role 0's CPU, before the first round */
	enum verdict verdict; /* of the last round */
	const char *complaint;
	u32 over; /* shared, set if there is no further round */
};

static void count(struct histogram *h, const char *name, bool forbidden)
{
	unsigned i = 0;

	while (i < h->nr && strcmp(h->outcome[i].name, name))
		i++;
	if (i == h->nr) {
		assert(h->nr < MAX_OUTCOMES);
		h->outcome[h->nr++].name = name;
	}
	h->outcome[i].forbidden |= forbidden;
	h->outcome[i].count++;
}

/* Counts the last round again under another name. */
static void count_anew(struct histogram *h, const char *was, const char *name)
{
	for (unsigned i = 0; i < h->nr; i++)
		h->outcome[i].count -= !strcmp(h->outcome[i].name, was);
	count(h, name, true);
}

static const char *outcome_name(const struct variant *v, enum verdict verdict)
{
	static const char *const name[] = {[HELD] = "held",
					   [VIOLATED] = "violated",
					   [NO_EVIDENCE] = "window not met",
					   [NO_OVERLAP] = "no overlap"};

	return v->outcome ? v->outcome : name[verdict];
}

/* Sets the scene for the next round. If something is wrong with the frames now, the round before
 * did it. */
static bool set_scene(struct variant *v, struct stress *stress)
{
	const char *was = outcome_name(v, stress->verdict);
	bool ordered = trace_in_order(true);

	stress->complaint = variant_again(v);
	if (!stress->complaint && !ordered)
		stress->complaint = TRACE_DISORDER;
	if (frames_damaged()) {
		lab_saw(v, "a frame was written after it was free");
		count_anew(stress->h, was, "free frame written");
		stress->verdict = VIOLATED;
		stress->h->violated++;
	}
	return !stress->complaint && stress->verdict != VIOLATED;
}

/* Judges the round, and sets the scene for the next one if there is one. The roles stand at a
 * meeting and every guard is on, because the roles may be broken but not the lab. */
static void between_rounds(struct variant *v, struct stress *stress)
{
	struct histogram *h = stress->h;

	variant_guards(v, false);
	frames_watch();
	stress->verdict = lab_judge(v);
	h->rounds++;
	h->overlaps += lab_script_complete(v);
	h->violated += stress->verdict == VIOLATED;
	count(h, outcome_name(v, stress->verdict), stress->verdict == VIOLATED);
	if (stress->verdict == VIOLATED || h->overlaps >= options.iters ||
	    clock_ns() - stress->start > stress->budget_ns) {
		WRITE_ONCE(stress->over, true);
		return;
	}
	report_tick();
	if (!set_scene(v, stress)) {
		WRITE_ONCE(stress->over, true);
		return;
	}
	variant_guards(v, true);
	free_begin(v, h->rounds);
}

static struct spinlock crossed[2];

/* lab.deadlock=1. Each of two roles wants the other's lock. */
static void plant_deadlock(struct variant *v, unsigned role)
{
	if (!options.deadlock || role > 1 || v->nr_roles != 2)
		return;
	spin_lock(&crossed[role]);
	if (!lab_meet(v))
		return;
	spin_lock(&crossed[!role]);
	spin_unlock(&crossed[!role]);
	spin_unlock(&crossed[role]);
}

static bool play_round(struct variant *v, unsigned role)
{
	if (!lab_meet(v))
		return false;
	if (role && planted(PLANT_overlap) && !lab_meet(v))
		return false;
	race_point(role_start);
	process_run(v, role);
	plant_deadlock(v, role);
	if (trace_took_part(role))
		race_point(role_done);
	if (!role && planted(PLANT_overlap) && !lab_meet(v))
		return false;
	return lab_meet(v);
}

/* Plays rounds with a barrier before and after each, so the roles start together. A broken deadlock
 * ends the rounds for all, because no role meets another any more. */
static void play_rounds(struct variant *v, unsigned role, void *context)
{
	struct stress *stress = context;

	if (role == 0)
		stress->start = clock_ns();
	do {
		if (!play_round(v, role))
			return;
		if (role == 0)
			between_rounds(v, stress);
	} while (lab_meet(v) && !READ_ONCE(stress->over));
}

struct outcome stress_run(struct variant *v, const struct scenario *scenario,
			  const struct cell *cell, u64 budget_ns, struct histogram *h)
{
	struct stress stress = {.h = h, .budget_ns = budget_ns, .verdict = NO_EVIDENCE};
	struct outcome outcome;
	u64 start;
	bool agree;

	*h = (struct histogram){0};
	variant_begin(v, scenario, cell, MODE_STRESS);
	start = clock_ns();
	free_begin(v, 0);
	agree = variant_play(v, play_rounds, &stress);
	free_end();
	outcome.us = (u32)div_u64(clock_ns() - start, 1000, NULL);
	outcome.verdict = stress.verdict;
	outcome.complaint = variant_end(v);
	if (!outcome.complaint)
		outcome.complaint = stress.complaint;
	if (!agree && !outcome.complaint)
		outcome.complaint = "hardware and software walker do not reach the same frame";
	return outcome;
}
