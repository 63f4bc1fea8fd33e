/* SPDX-License-Identifier: MIT */
/* Splits the command line, gives each word to its owner, and refuses what nobody owns. */
#include "kernel/cmdline.h"

#include "kernel/near.h"
#include "kernel/printk.h"
#include "kernel/string.h"

extern const struct word __words_start[], __words_end[];

bool word_is_flag(const char *value, bool *flag)
{
	*flag = true;
	return !value;
}

static bool is_family(const struct word *word)
{
	return word->name[strlen(word->name) - 1] == '.';
}

/* name: without '=' and what follows */
static const struct word *find(const char *name)
{
	for (const struct word *word = __words_start; word != __words_end; word++) {
		size_t n = strlen(word->name);

		if (is_family(word) ? !strncmp(word->name, name, n) : !strcmp(word->name, name))
			return word;
	}
	return NULL;
}

/* How much of what was typed is the name: with the dot of a family, without '='. */
static size_t name_length(const char *text)
{
	size_t n = 0;

	while (text[n] && text[n] != '=')
		if (text[n++] == '.')
			break;
	return n;
}

/* The word that was probably meant; NULL: none. */
static const struct word *nearest(const char *text)
{
	struct near near;

	near_begin(&near, text, name_length(text));
	for (const struct word *word = __words_start; word != __words_end; word++)
		near_offer(&near, word->name);
	return near.best ? find(near.best) : NULL;
}

void cmdline_list(void)
{
	for (const struct word *word = __words_start; word != __words_end; word++)
		printk("# ev=word name=%s form=\"%s\"\n", word->name, word->form);
}

static _Noreturn void reject(const char *text, const struct word *word)
{
	if (word)
		refuse("bad value in word '%s': valid is %s%s", text, word->name, word->form);
	for (word = __words_start; word != __words_end; word++)
		printk("# valid: %s%s\n", word->name, word->form);
	word = nearest(text);
	if (word)
		refuse("unknown word '%s' on the command line, did you mean %s%s? The list has all valid words",
		       text, word->name, word->form);
	refuse("unknown word '%s' on the command line; the list has all valid words", text);
}

static void apply(char *text, bool early)
{
	char whole[128];
	char *value = text;
	const struct word *word;

	snprintk(whole, sizeof(whole), "%s", text);
	while (*value && *value != '=')
		value++;
	if (*value)
		*value++ = 0;
	else
		value = NULL;

	word = find(text);
	if (!word && !early)
		reject(whole, NULL);
	if (word && word->early == early &&
	    !word->set(text + (is_family(word) ? strlen(word->name) : strlen(text)), value))
		reject(whole, word);
	if (value && early)
		value[-1] = '=';
}

/* One pass over the words. The early pass puts each '=' back; the last one leaves name and value
 * cut apart, as setters may keep the value. */
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
