/* SPDX-License-Identifier: MIT */
/* Collects the judges' words, and turns their verdict into the lab's. */
#include "tests/lab/judge.h"

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "tests/lab/choreo.h"
#include "tests/lab/plant.h"
#include "tests/lab/trace.h"

void lab_saw(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintk(v->saw, sizeof(v->saw), format, args);
	va_end(args);
}

void lab_evidence(struct variant *v, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintk(v->evidence, sizeof(v->evidence), format, args);
	va_end(args);
}

/* Without a script, a released step means an overlap. A step released by a blocked role means a
 * wait. */
bool lab_released_by(const struct variant *v, unsigned step, unsigned alternative)
{
	if (v->mode >= MODE_STRESS)
		return alternative ? trace_blocked() : trace_overlapped();
	return choreo_released_by(step, alternative);
}

bool lab_script_complete(const struct variant *v)
{
	unsigned nr, lost;

	trace_entries(&nr, &lost);
	return !lost && (v->mode >= MODE_STRESS ? trace_overlapped() : choreo_complete());
}

/* A probe looks at the machine, so its roles need not pass a point. */
static bool all_took_part(struct variant *v)
{
	for (unsigned role = 0; role < v->nr_roles; role++) {
		if (v->mode == MODE_PROBE || trace_took_part(role))
			continue;
		lab_saw(v, "role %s did nothing", v->scenario->roles[role].name);
		return false;
	}
	return true;
}

void lab_counted(struct variant *v, u32 count)
{
	assert(v->nr_counted < MAX_LEAST && v->scenario->least[v->nr_counted].of);
	v->counted[v->nr_counted++] = count;
}

/* The rule was not seen to break. Returns HELD only if enough was seen. */
static enum verdict by_evidence(struct variant *v)
{
	for (unsigned i = 0; i < MAX_LEAST && v->scenario->least[i].of; i++) {
		const struct least *least = &v->scenario->least[i];

		assert(i < v->nr_counted);
		if (v->counted[i] >= least->count)
			continue;
		lab_saw(v, "%s: %u %s, and %u are the least",
			least->by_chance ? "hardly any overlap" : "thin evidence", v->counted[i],
			least->of, least->count);
		return least->by_chance ? NO_OVERLAP : NO_EVIDENCE;
	}
	return HELD;
}

static enum verdict planted_verdict(struct variant *v)
{
	if (planted(PLANT_evidence))
		return NO_EVIDENCE;
	if (!planted(PLANT_accusation))
		return HELD;
	lab_saw(v, "nothing: lab.plant=accusation says so");
	return VIOLATED;
}

enum verdict lab_judge(struct variant *v)
{
	enum verdict verdict;

	v->nr_counted = 0;
	verdict = v->scenario->judge(v);
	if (verdict == HELD)
		verdict = by_evidence(v);
	for (unsigned role = 0; role < v->nr_roles; role++) {
		unsigned when = lab_when(role, RACE_page_written_free, 1);

		if (!when || verdict == VIOLATED)
			continue;
		v->outcome = "free frame written";
		lab_saw(v, "frame 0x%x was written while it was free", (pfn_t)lab_value_at(when));
		return VIOLATED;
	}
	if (!all_took_part(v))
		return NO_EVIDENCE;
	return verdict == HELD ? planted_verdict(v) : verdict;
}
