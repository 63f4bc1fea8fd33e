/* SPDX-License-Identifier: MIT */
/* The words that only a machine has a use for: how its lab runs. The explorer does not know them.
 */
#include "kernel/cmdline.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/lab.h"
#include "tests/lab/options.h"

#define MINUTES_MAX 1000000u

static bool is_word(const char *word, size_t length, const char *text)
{
	return text && strlen(text) == length && !strncmp(word, text, length);
}

static bool is_mode(const char *word, size_t length)
{
	return is_word(word, length, "choreo") || is_word(word, length, "stress") ||
	       is_word(word, length, "probe");
}

/* A list of modes with one at least. */
static bool are_modes(const char *list)
{
	const char *word;
	size_t length;

	if (!*list)
		return false;
	while ((word = option_next_pattern(&list, &length)))
		if (!is_mode(word, length))
			return false;
	return true;
}

static bool is_listed(const char *list, const char *text)
{
	const char *word;
	size_t length;

	while ((word = option_next_pattern(&list, &length)))
		if (is_word(word, length, text))
			return true;
	return false;
}

static bool set_mode(const char *rest, const char *value)
{
	(void)rest;
	options.mode = value && strcmp(value, "all") ? value : NULL;
	return value && (!options.mode || are_modes(value));
}
WORD(word_mode, "mode", "=all|choreo,stress,probe", set_mode, false);

bool option_mode(const char *mode)
{
	return !options.mode || is_listed(options.mode, mode);
}

static bool set_require(const char *rest, const char *value)
{
	(void)rest;
	options.require = value;
	return value && are_modes(value);
}
WORD(word_require, "require", "=choreo,stress,probe", set_require, false);

bool option_requires(const char *mode)
{
	return is_listed(options.require, mode);
}

static bool set_seconds(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &options.seconds);
}
WORD(word_seconds, "seconds", "=<of all stress together>", set_seconds, false);

static bool set_iters(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &options.iters) && options.iters;
}
WORD(word_iters, "iters", "=<overlaps a stress cell>", set_iters, false);

static bool set_known(const char *rest, const char *value)
{
	(void)rest;
	options.known = value;
	return value && *value;
}
WORD(word_known, "known", "=<finding>,...", set_known, false);

static bool passes_said;

static bool set_passes(const char *rest, const char *value)
{
	(void)rest;
	passes_said = true;
	return value && parse_u32(value, &options.passes);
}
WORD(word_passes, "passes", "=<number; 0: until a key, or minutes=>",
     set_passes, false);

/* A soak, unless the number of passes is said, in whatever order. */
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
WORD(word_minutes, "minutes", "=<after which a soak ends, from 1>", set_minutes, false);

static bool set_strict(const char *rest, const char *value)
{
	(void)rest;
	return word_is_flag(value, &options.strict);
}
WORD(word_strict, "strict", "", set_strict, false);

static bool set_safe(const char *rest, const char *value)
{
	(void)rest;
	return word_is_flag(value, &options.safe);
}
WORD(word_safe, "safe", "", set_safe, false);

static bool set_lab(const char *rest, const char *value)
{
	if (!value)
		return false;
	if (!strcmp(rest, "idle"))
		return option_set_idle(value);
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
WORD(word_lab, "lab.", "guards=stuck|idle=writer|idle=walker|idle=all|replay=<schedule>|broken=<hw/name>|revive=1|deadlock=1", set_lab, false);

bool option_knows(const char *finding)
{
	return is_listed(options.known, finding);
}

void option_check_known(const char *(*finding)(unsigned i), unsigned n)
{
	const char *list = options.known, *word;
	size_t length;

	while ((word = option_next_pattern(&list, &length))) {
		char text[64];
		unsigned i = 0;

		while (i < n && !is_word(word, length, finding(i)))
			i++;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			if (finding(i))
				printk("# valid: known=%s\n", finding(i));
		option_pattern_text(text, sizeof(text), word, length);
		refuse("known=%s names a finding that no scenario shows", text);
	}
}
