/* SPDX-License-Identifier: MIT */
/* Parses the lab's options from a command line of the test's own. */
#pragma once
#include <stdio.h>
#include <string.h>

#include "kernel/cmdline.h"
#include "tests/lab/options.c"
#include "tests/lab/plant.c"
#include "tests/lab/run_options.c"
#include "tests/self/unit/machine.h"
#include "tests/self/unit/printed.h"

static const struct options at_boot = {
	.idle_role = MAX_ROLES, .passes = 1, .seconds = 5, .iters = 1000};

/* What it was called once. */
static inline const char *old_name(const char *name)
{
	static const char *const names[][2] = {
#define RENAMED(old_name, new_name) {old_name, new_name},
#include "kernel/renamed.def"
#undef RENAMED
	};
	unsigned i = 0;

	while (strcmp(names[i][1], name))
		i++;
	return names[i][0];
}

static inline bool panic_names(const char *format, const char *name)
{
	char text[100];

	snprintf(text, sizeof(text), format, old_name(name));
	return panic_says(text);
}

static inline void fresh(void)
{
	machine_reset();
	printed_reset();
	options = at_boot;
	passes_said = happened = false;
	chosen = NR_PLANTS;
}

/* Kept by the setters. */
static inline void parse(const char *text)
{
	static char line[200];

	fresh();
	strcpy(line, text);
	cmdline_parse(line);
}

static inline bool sets_nothing_else(struct options expected)
{
	const struct options *o = &options, *e = &expected;

	return o->run == e->run && o->mode == e->mode && o->require == e->require &&
	       o->known == e->known && o->list == e->list && o->verbose == e->verbose &&
	       o->strict == e->strict && o->safe == e->safe && o->stuck_guards == e->stuck_guards &&
	       o->replay == e->replay && o->broken == e->broken && o->deadlock == e->deadlock &&
	       o->revive == e->revive && o->idle_role == e->idle_role &&
	       o->all_idle == e->all_idle && o->passes == e->passes && o->minutes == e->minutes &&
	       o->seconds == e->seconds && o->iters == e->iters &&
	       !memcmp(o->guard_off, e->guard_off, sizeof(o->guard_off)) &&
	       !memcmp(o->choice, e->choice, sizeof(o->choice));
}

/* The word sets this of all that there is, and nothing else. */
#define SETS(text, ...)                                                                            \
	do {                                                                                       \
		struct options expected_ = at_boot;                                                \
                                                                                                   \
		parse(text);                                                                       \
		__VA_ARGS__;                                                                       \
		CHECK(sets_nothing_else(expected_), "%s: %s", text, #__VA_ARGS__);                 \
	} while (0)
#define IS expected_

static inline bool refused(const char *text)
{
	return PANICS(parse(text)) && panic_says("bad value in option '") && panic_says(text);
}

static inline bool kept(const char *value, const char *text)
{
	return value && !strcmp(value, text);
}
