/* SPDX-License-Identifier: MIT */
/* The options of a machine alone, for how its lab runs. The explorer does not know them. */
#include "kernel/cmdline.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/lab.h"
#include "tests/lab/options.h"
#include "tests/lab/plant.h"

#define MINUTES_MAX 1000000u

static bool is_item(const char *item, size_t length, const char *text)
{
	return text && strlen(text) == length && !strncmp(item, text, length);
}

static bool is_mode(const char *item, size_t length)
{
	return is_item(item, length, "choreo") || is_item(item, length, "stress") ||
	       is_item(item, length, "probe");
}

/* Accepts a list of at least one mode. */
static bool are_modes(const char *list)
{
	const char *item;
	size_t length;

	if (!*list)
		return false;
	while ((item = option_next_pattern(&list, &length)))
		if (!is_mode(item, length))
			return false;
	return true;
}

static bool is_listed(const char *list, const char *text)
{
	const char *item;
	size_t length;

	while ((item = option_next_pattern(&list, &length)))
		if (is_item(item, length, text))
			return true;
	return false;
}

static bool set_mode(const char *rest, const char *value)
{
	(void)rest;
	options.mode = value && strcmp(value, "all") ? value : NULL;
	return value && (!options.mode || are_modes(value));
}
OPTION(option_mode, "mode", "=all|choreo,stress,probe", set_mode, false);

bool option_asks_mode(const char *mode)
{
	return !options.mode || is_listed(options.mode, mode);
}

static bool set_require(const char *rest, const char *value)
{
	(void)rest;
	options.require = value;
	return value && are_modes(value);
}
OPTION(option_require, "require", "=choreo,stress,probe", set_require, false);

bool option_requires(const char *mode)
{
	return is_listed(options.require, mode);
}

static bool set_seconds(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &options.seconds);
}
OPTION(option_seconds, "seconds", "=<of all stress together>", set_seconds, false);

static bool set_iters(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &options.iters) && options.iters;
}
OPTION(option_iters, "iters", "=<overlaps a stress cell>", set_iters, false);

static bool set_known(const char *rest, const char *value)
{
	(void)rest;
	options.known = value;
	return value && *value;
}
OPTION(option_known, "known", "=<finding>,...", set_known, false);

static bool passes_said;

static bool set_passes(const char *rest, const char *value)
{
	(void)rest;
	passes_said = true;
	return value && parse_u32(value, &options.passes);
}
OPTION(option_passes, "passes", "=<number; 0: until a key, or minutes=>",
     set_passes, false);

/* Makes it a soak unless passes= is given, before or after. */
static bool set_minutes(const char *rest, const char *value)
{
	(void)rest;
	if (!value || !parse_u32(value, &options.minutes) || !options.minutes ||
	    options.minutes > MINUTES_MAX)
		return false;
	if (!passes_said)
		options.passes = 0;
	return true;
}
OPTION(option_minutes, "minutes", "=<after which a soak ends, from 1>", set_minutes, false);

static bool set_strict(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &options.strict);
}
OPTION(option_strict, "strict", "", set_strict, false);

static bool set_safe(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &options.safe);
}
OPTION(option_safe, "safe", "", set_safe, false);

static bool set_lab(const char *rest, const char *value)
{
	if (!value)
		return false;
	if (!strcmp(rest, "idle"))
		return option_set_idle(value);
	if (!strcmp(rest, "plant")) {
		plant_choose(PLANTS_LAB, value);
		return true;
	}
	if (!strcmp(rest, "replay")) {
		options.replay = value;
		return true;
	}
	if (!strcmp(rest, "broken")) {
		options.broken = value;
		return !strncmp(value, "hw/", 3);
	}
	if (!strcmp(rest, "revive") || !strcmp(rest, "deadlock")) {
		*(!strcmp(rest, "revive") ? &options.revive : &options.deadlock) = true;
		return !strcmp(value, "1");
	}
	options.stuck_guards = true;
	return !strcmp(rest, "guards") && !strcmp(value, "stuck");
}
OPTION(option_lab, "lab.", "plant=<name>|guards=stuck|idle=writer|idle=walker|idle=all|replay=<schedule>|broken=<hw/name>|revive=1|deadlock=1", set_lab, false);

bool option_knows(const char *finding)
{
	return is_listed(options.known, finding);
}

void option_check_known(const char *(*finding)(unsigned i), unsigned n)
{
	const char *list = options.known, *item;
	size_t length;

	while ((item = option_next_pattern(&list, &length))) {
		char text[64];
		unsigned i = 0;

		while (i < n && !is_item(item, length, finding(i)))
			i++;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			if (finding(i))
				printk("# valid: known=%s\n", finding(i));
		option_pattern_text(text, sizeof(text), item, length);
		refuse("known=%s names a finding that no scenario shows", text);
	}
}
