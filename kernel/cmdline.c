/* SPDX-License-Identifier: MIT */
/* Splits the command line, gives each option to its owner, and refuses options without one. */
#include "kernel/cmdline.h"

#include "kernel/near.h"
#include "kernel/printk.h"
#include "kernel/string.h"

extern const struct option __options_start[], __options_end[];

bool option_is_flag(const char *value, bool *flag)
{
	*flag = true;
	return !value;
}

static bool is_family(const struct option *option)
{
	return option->name[strlen(option->name) - 1] == '.';
}

/* name ends before '=' */
static const struct option *find(const char *name)
{
	for (const struct option *option = __options_start; option != __options_end; option++) {
		size_t n = strlen(option->name);

		if (is_family(option) ? !strncmp(option->name, name, n)
				      : !strcmp(option->name, name))
			return option;
	}
	return NULL;
}

/* Returns the length of the typed name, with the dot of a family and without '='. */
static size_t name_length(const char *text)
{
	size_t n = 0;

	while (text[n] && text[n] != '=')
		if (text[n++] == '.')
			break;
	return n;
}

/* Returns the option probably meant, NULL if none. */
static const struct option *nearest(const char *text)
{
	struct near near;

	near_begin(&near, text, name_length(text));
	for (const struct option *option = __options_start; option != __options_end; option++)
		near_offer(&near, option->name);
	return near.best ? find(near.best) : NULL;
}

void cmdline_list(void)
{
	for (const struct option *option = __options_start; option != __options_end; option++)
		printk("# ev=option name=%s form=\"%s\"\n", option->name, option->form);
}

static _Noreturn void reject(const char *text, const struct option *option)
{
	if (option)
		refuse("bad value in option '%s': valid is %s%s", text, option->name, option->form);
	for (option = __options_start; option != __options_end; option++)
		printk("# valid: %s%s\n", option->name, option->form);
	option = nearest(text);
	if (option)
		refuse("unknown option '%s' on the command line, did you mean %s%s? The list has all valid options",
		       text, option->name, option->form);
	refuse("unknown option '%s' on the command line; the list has all valid options", text);
}

static void apply(char *text, bool early)
{
	char whole[128];
	char *value = text;
	const struct option *option;

	snprintk(whole, sizeof(whole), "%s", text);
	while (*value && *value != '=')
		value++;
	if (*value)
		*value++ = 0;
	else
		value = NULL;

	option = find(text);
	if (!option && !early)
		reject(whole, NULL);
	if (option && option->early == early &&
	    !option->set(text + (is_family(option) ? strlen(option->name) : strlen(text)), value))
		reject(whole, option);
	if (value && early)
		value[-1] = '=';
}

/* Passes once over the options. The early pass puts each '=' back. The last pass leaves name and
 * value cut apart, because setters may keep the value. */
static void apply_all(char *line, size_t length, bool early)
{
	size_t next;

	for (size_t at = 0; at < length; at = next + 1) {
		next = at + strlen(line + at);
		if (line[at])
			apply(line + at, early);
	}
}

void cmdline_parse(char *line)
{
	size_t length = strlen(line);

	for (size_t i = 0; i < length; i++)
		if (line[i] == ' ' || line[i] == '\t')
			line[i] = 0;
	apply_all(line, length, true);
	apply_all(line, length, false);
}
