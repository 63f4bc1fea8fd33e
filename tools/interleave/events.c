/* SPDX-License-Identifier: MIT */
/* The explorer's answers to the lab's questions about traces and choreography (tests/lab). */
#include "tools/interleave/events.h"

#include "arch/model/machine.h"
#include "tests/lab/choreo.h"
#include "tests/lab/high_ram.h"
#include "tests/lab/top_cache.h"
#include "tests/lab/registry.h"
#include "tests/lab/trace.h"
#include "tests/lab/registry.h"
#include "tools/interleave/cpus.h"
#include "tools/interleave/explored.h"
#include "tools/interleave/sharing.h"
#include "tools/interleave/variant.h"

#define MAX_EVENTS 32u

/* The events that the judge asks for, in order. */
static struct event {
	u8 role, point;
	u64 value;
} event[MAX_EVENTS] EXPLORED;
static u32 nr_events EXPLORED;

void (*lab_passed)(unsigned cpu, unsigned point);
struct room room_events = {"a judge asks for more events than MAX_EVENTS", MAX_EVENTS, 0};

static unsigned count_events(unsigned role, unsigned point)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nr_events; i++)
		n += event[i].role == role && event[i].point == point;
	return n;
}

/* An event is on record, and a step, if the judge asks for it. If it asks here for the first time,
 * the exploration begins again. */
unsigned lab_when(unsigned role, enum race_point point, unsigned nth)
{
	sharing_event(role, point, nth);
	for (unsigned i = 0; i < nr_events; i++)
		if (event[i].role == role && event[i].point == point && !--nth)
			return i + 1;
	return 0;
}

u64 lab_value_at(unsigned position)
{
	return event[position - 1].value;
}

static void on_race(const struct race_site *site, u64 value)
{
	unsigned role = cpu_id();

	if (count_events(role, site->point) < sharing_events_wanted(role, site->point)) {
		model_event(site->point, value);
		if (!room_for(&room_events, nr_events + 1))
			return;
		event[nr_events++] = (struct event){(u8)role, (u8)site->point, value};
	}
	if (lab_passed)
		lab_passed(role, site->point);
	scenario_act_at(&variant, role, site->point);
}

race_hook_t *race_hook;

void events_record(bool on)
{
	race_hook = on ? on_race : NULL;
}

/* On the metal a race point is a barrier. Here it is nothing at all. */
void race_reached(const struct race_site *site, u64 value)
{
	if (race_hook)
		race_hook(site, value);
}

/* Every order is visited, so only the judging of the ends says whether windows were entered. */
bool trace_overlapped(void)
{
	return true;
}

bool trace_blocked(void)
{
	return true;
}

bool trace_took_part(unsigned role)
{
	return cpus_took_part(role);
}

const struct trace_entry *trace_entries(unsigned *nr, unsigned *lost)
{
	*nr = *lost = 0;
	return NULL;
}

bool choreo_released_by(unsigned step, unsigned alternative)
{
	(void)step;
	return !alternative;
}

bool choreo_complete(void)
{
	return true;
}

const char *high_ram_problem(void)
{
	return NULL;
}

bool top_entries_cached(void)
{
	return PREALLOCATED_PMDS;
}
