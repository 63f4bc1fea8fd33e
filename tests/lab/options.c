/* SPDX-License-Identifier: MIT */
#include "tests/lab/options.h"

#include "kernel/cmdline.h"
#include "kernel/printk.h"
#include "kernel/string.h"
#include "tests/lab/lab.h"

struct options options = {
	.idle_role = MAX_ROLES,
	.passes = 1,
	.seconds = 5,
	.iters = 1000,
};

static bool set_run(const char *rest, const char *value)
{
	(void)rest;
	options.run = value;
	return value && *value;
}
WORD(word_run, "run", "=<group/name or pattern with *>,...", set_run, false);

static bool set_mode(const char *rest, const char *value)
{
	(void)rest;
	options.mode = value && strcmp(value, "all") ? value : NULL;
	return value && (!options.mode || !strcmp(value, "choreo") || !strcmp(value, "probe") ||
			 !strcmp(value, "stress"));
}
WORD(word_mode, "mode", "=choreo|stress|probe|all", set_mode, false);

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

static bool set_passes(const char *rest, const char *value)
{
	(void)rest;
	return value && parse_u32(value, &options.passes);
}
WORD(word_passes, "passes", "=<number; 0: for ever>", set_passes, false);

static bool set_list(const char *rest, const char *value)
{
	(void)rest;
	return word_is_flag(value, &options.list);
}
WORD(word_list, "list", "", set_list, false);

static bool set_verbose(const char *rest, const char *value)
{
	(void)rest;
	return word_is_flag(value, &options.verbose);
}
WORD(word_verbose, "verbose", "", set_verbose, false);

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
	if (!strcmp(rest, "idle")) {
		options.idle_role =
			!strcmp(value, "writer"); /* role 1 writes, role 0 walks or reads */
		return options.idle_role || !strcmp(value, "walker");
	}
	options.stuck_guards = true;
	return !strcmp(rest, "guards") && !strcmp(value, "stuck");
}
WORD(word_lab, "lab.", "guards=stuck|idle=writer|idle=walker", set_lab, false);

static void print_guards(void)
{
	for (unsigned id = 0; id < NR_GUARDS; id++)
		printk("# valid: guard.%s=off  (%s)\n", guard_info[id].name,
		       guard_info[id].meaning);
}

static bool set_guard(const char *rest, const char *value)
{
	for (unsigned id = 0; id < NR_GUARDS; id++) {
		if (strcmp(rest, guard_info[id].name))
			continue;
		options.guard_off[id] = 1;
		return value && !strcmp(value, "off");
	}
	print_guards();
	return false;
}
WORD(word_guard, "guard.", "<name>=off", set_guard, false);

static void print_choices(void)
{
	for (unsigned id = VALUE_NONE + 1; id < NR_VALUES; id++)
		printk("# valid: choice.%s=%s  (%s)\n", value_info[id].choice, value_info[id].value,
		       value_info[id].meaning);
}

static bool set_choice(const char *rest, const char *value)
{
	for (unsigned id = VALUE_NONE + 1; value && id < NR_VALUES; id++) {
		if (strcmp(rest, value_info[id].choice) || strcmp(value, value_info[id].value))
			continue;
		options.choice[value_info[id].id] = (u8)id;
		return true;
	}
	print_choices();
	return false;
}
WORD(word_choice, "choice.", "<name>=<value>", set_choice, false);

/* The pattern that begins at *list, and its length; *list moves on to the next; NULL: no more. */
static const char *next_pattern(const char **list, size_t *length)
{
	const char *start = *list, *end = start;

	if (!start || !*start)
		return NULL;
	while (*end && *end != ',')
		end++;
	*length = (size_t)(end - start);
	*list = *end ? end + 1 : end;
	return start;
}

bool option_selects(const char *name)
{
	const char *list = options.run, *pattern;
	size_t length;

	if (!list)
		return true;
	while ((pattern = next_pattern(&list, &length)))
		if (pattern_match(pattern, length, name))
			return true;
	return false;
}

void option_check_patterns(const char *(*name)(unsigned i), unsigned n)
{
	const char *list = options.run, *pattern;
	size_t length;

	while ((pattern = next_pattern(&list, &length))) {
		char text[64];
		unsigned i = 0;

		while (i < n && !pattern_match(pattern, length, name(i)))
			i++;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			printk("# valid: run=%s\n", name(i));
		snprintk(text, length + 1 < sizeof(text) ? length + 1 : sizeof(text), "%s",
			 pattern);
		refuse("run=%s matches no scenario; valid names are listed above", text);
	}
}

static bool is_word(const char *word, size_t length, const char *text)
{
	return text && strlen(text) == length && !strncmp(word, text, length);
}

bool option_knows(const char *finding)
{
	const char *list = options.known, *word;
	size_t length;

	while ((word = next_pattern(&list, &length)))
		if (is_word(word, length, finding))
			return true;
	return false;
}

void option_check_known(const char *(*finding)(unsigned i), unsigned n)
{
	const char *list = options.known, *word;
	size_t length;

	while ((word = next_pattern(&list, &length))) {
		unsigned i = 0;

		while (i < n && !is_word(word, length, finding(i)))
			i++;
		if (i < n)
			continue;
		for (i = 0; i < n; i++)
			if (finding(i))
				printk("# valid: known=%s\n", finding(i));
		refuse("known=%s names a finding that no scenario shows", word);
	}
}
