/* SPDX-License-Identifier: MIT */
/* Makes a script of a schedule found by the explorer. */
#include "tests/lab/replay.h"

#include "kernel/finish.h"
#include "kernel/string.h"
#include "tests/lab/registry.h"

#define MAX_PLACES (MAX_SCRIPT - MAX_ROLES)

struct place {
	u8 role, point, nth;
};

static struct place place[MAX_PLACES];
static unsigned nr_places;
static const struct cell *cell;
static struct step steps[MAX_SCRIPT];
static unsigned nr_steps;

/* Takes the text from *at up to one of `ends`, or up to the end of the string. *at then stands
 * behind it. */
static const char *take(const char **at, const char *ends, char *text, size_t size)
{
	const char *start = *at, *end = start;
	size_t n = 0;

	for (bool found = false; *end && !found; end += !found)
		for (const char *e = ends; *e; e++)
			found |= *end == *e;
	while (start + n < end && n + 1 < size) {
		text[n] = start[n];
		n++;
	}
	text[n] = 0;
	*at = *end ? end + 1 : end;
	return text;
}

static u8 role_named(const struct scenario *scenario, const char *name)
{
	unsigned nr = scenario_roles(scenario);
	u32 number;

	for (unsigned role = 0; role < nr; role++)
		if (!strcmp(scenario->roles[role].name, name))
			return (u8)role;
	if (parse_u32(name, &number) && number < nr)
		return (u8)number;
	refuse("lab.replay: %s has no role %s. Valid: %s and the other names of its roles, or 0..%u",
	       scenario->name, name, scenario->roles[0].name, nr - 1);
}

static u8 point_named(const char *name)
{
	for (unsigned point = 0; point < NR_RACES; point++)
		if (!strcmp(race_name[point], name))
			return (u8)point;
	refuse("lab.replay: there is no race point %s. Valid: those of kernel/hooks/races.def", name);
}

/* <role>@<point>[#<nth>] */
static struct place read_place(const struct scenario *scenario, const char *text)
{
	const char *at = text;
	char name[40];
	u32 nth = 1;
	struct place read;

	read.role = role_named(scenario, take(&at, "@", name, sizeof(name)));
	read.point = point_named(take(&at, "#", name, sizeof(name)));
	if (*at && (!parse_u32(at, &nth) || !nth || nth > 0xff))
		refuse("lab.replay: bad place %s. Valid: <role>@<point>#<1..255>", text);
	read.nth = (u8)nth;
	return read;
}

static void hold(unsigned role, unsigned point, unsigned nth, unsigned until)
{
	steps[nr_steps++] = (struct step){
		.role = (u8)role,
		.at = (u8)point,
		.nth = (u8)nth,
		.until = {{RELEASE_REACHED, place[until].role, place[until].point,
			   place[until].nth}},
	};
}

/* Returns the role's next place from `from` on, nr_places if there is none. */
static unsigned next_place(unsigned role, unsigned from)
{
	while (from < nr_places && place[from].role != role)
		from++;
	return from;
}

/* A role at a place waits until the place before the role's next one has been reached. */
static void write_script(unsigned nr_roles)
{
	for (unsigned role = 0; role < nr_roles; role++) {
		unsigned next = next_place(role, 0);

		if (next)
			hold(role, RACE_role_start, 1, next - 1);
		while (next < nr_places) {
			unsigned here = next;

			next = next_place(role, here + 1);
			if (next - 1 != here)
				hold(role, place[here].point, place[here].nth, next - 1);
		}
	}
}

void replay_read(const char *value, const struct scenario *scenario)
{
	const char *at = value;
	char text[80];
	u32 number;

	take(&at, ":", text, sizeof(text));
	if (!parse_u32(text, &number) || number >= scenario->nr_cells)
		refuse("lab.replay: there is no cell %s of %s. Valid: 0..%u", text, scenario->name,
		       scenario->nr_cells - 1);
	cell = &scenario->cells[number];
	while (*at) {
		if (nr_places == MAX_PLACES)
			refuse("lab.replay: more than %u places", MAX_PLACES);
		place[nr_places++] = read_place(scenario, take(&at, ",", text, sizeof(text)));
	}
	write_script(scenario_roles(scenario));
}

const struct cell *replay_cell(void)
{
	return cell;
}

struct script replay_script(void)
{
	return (struct script){steps, nr_steps};
}
