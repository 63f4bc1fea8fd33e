/* SPDX-License-Identifier: MIT */
/* The options shared by the lab and the explorer, for the variants and how they run. */
#include "tests/lab/options.h"

#include "kernel/cmdline.h"
#include "kernel/near.h"
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
OPTION(option_run, "run", "=<group/name or pattern with *>,...", set_run, false);

static bool set_list(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &options.list);
}
OPTION(option_list, "list", "", set_list, false);

static bool set_verbose(const char *rest, const char *value)
{
	(void)rest;
	return option_is_flag(value, &options.verbose);
}
OPTION(option_verbose, "verbose", "", set_verbose, false);

/* Refuses the name if it looks like another one. The list of all comes before. */
static void guess_guard(const char *name)
{
	struct near near;

	near_begin(&near, name, strlen(name));
	if (near_renamed(&near))
		refuse("guard.%s is called guard.%s today", name, near_renamed(&near));
	for (unsigned id = 0; id < NR_GUARDS; id++)
		near_offer(&near, guard_info[id].name);
	if (near.best)
		refuse("unknown guard in option 'guard.%s', did you mean guard.%s=off? The list has all valid options",
		       name, near.best);
}

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
	guess_guard(rest);
	return false;
}
OPTION(option_guard, "guard.", "<name>=off", set_guard, false);

static void print_choices(void)
{
	for (unsigned id = VALUE_NONE + 1; id < NR_VALUES; id++)
		printk("# valid: choice.%s=%s  (%s)\n", value_info[id].choice, value_info[id].value,
		       value_info[id].meaning);
}

/* As guess_guard(), for a choice or its value. */
static void guess_choice(const char *name, const char *value)
{
	struct near near, near_value;

	near_begin(&near, name, strlen(name));
	for (unsigned id = 0; id < NR_CHOICES; id++)
		near_offer(&near, choice_name[id]);
	if (!near.best)
		return;
	near_begin(&near_value, value, strlen(value));
	if (near_renamed(&near_value))
		refuse("choice.%s=%s is called choice.%s=%s today", name, value, near.best,
		       near_renamed(&near_value));
	for (unsigned id = VALUE_NONE + 1; id < NR_VALUES; id++)
		if (!strcmp(value_info[id].choice, near.best))
			near_offer(&near_value, value_info[id].value);
	if (near_value.best)
		refuse("unknown choice in option 'choice.%s=%s', did you mean choice.%s=%s? The list has all valid options",
		       name, value, near.best, near_value.best);
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
	if (value)
		guess_choice(rest, value);
	return false;
}
OPTION(option_choice, "choice.", "<name>=<value>", set_choice, false);

bool option_set_idle(const char *value)
{
	options.all_idle = !strcmp(value, "all");
	if (options.all_idle)
		return true;
	options.idle_role = !strcmp(value, "writer"); /* role 1 writes, role 0 walks or reads */
	return options.idle_role || !strcmp(value, "walker");
}

const char *option_next_pattern(const char **list, size_t *length)
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

void option_pattern_text(char *text, size_t size, const char *pattern, size_t length)
{
	snprintk(text, min(length + 1, size), "%s", pattern);
}

bool option_selects(const char *name)
{
	const char *list = options.run, *pattern;
	size_t length;

	if (!list)
		return true;
	while ((pattern = option_next_pattern(&list, &length)))
		if (pattern_match(pattern, length, name))
			return true;
	return false;
}

/* A pattern may omit the group. */
static const char *without_group(const char *name)
{
	const char *part = name;

	while (*part && *part != '/')
		part++;
	return *part ? part + 1 : name;
}

static _Noreturn void refuse_pattern(const char *pattern, size_t length,
				     const char *(*name)(unsigned i), unsigned n)
{
	char text[64];
	struct near near;

	option_pattern_text(text, sizeof(text), pattern, length);
	near_begin(&near, pattern, length);
	if (near_renamed(&near))
		refuse("run=%s is called run=%s today", text, near_renamed(&near));
	for (unsigned i = 0; i < n; i++) {
		printk("# valid: run=%s\n", name(i));
		near_offer(&near, name(i));
		near_offer_part(&near, name(i), without_group(name(i)));
	}
	if (near.best)
		refuse("run=%s matches no scenario, did you mean run=%s? The list has all valid names",
		       text, near.best);
	refuse("run=%s matches no scenario; the list has all valid names", text);
}

void option_check_patterns(const char *(*name)(unsigned i), unsigned n)
{
	const char *list = options.run, *pattern;
	size_t length;

	while ((pattern = option_next_pattern(&list, &length))) {
		unsigned i = 0;

		while (i < n && !pattern_match(pattern, length, name(i)))
			i++;
		if (i == n)
			refuse_pattern(pattern, length, name, n);
	}
}
