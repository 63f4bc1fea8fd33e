/* SPDX-License-Identifier: MIT */
#include "kernel/cmdline.h"

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

#define NAME_MAX_LENGTH 16u

unsigned word_distance(const char *a, const char *b)
{
	unsigned row[NAME_MAX_LENGTH + 1], length = (unsigned)strlen(b);

	if (strlen(a) > NAME_MAX_LENGTH || length > NAME_MAX_LENGTH)
		return NAME_MAX_LENGTH;
	for (unsigned i = 0; i <= length; i++)
		row[i] = i;
	for (unsigned n = 1; *a; a++, n++) {
		unsigned diagonal = row[0];

		row[0] = n;
		for (unsigned i = 1; i <= length; i++) {
			unsigned best = diagonal + (*a != b[i - 1]);

			diagonal = row[i];
			best = best < diagonal + 1 ? best : diagonal + 1;
			row[i] = best < row[i - 1] + 1 ? best : row[i - 1] + 1;
		}
	}
	return row[length];
}

/* The word that was probably meant: at most two letters off, and not more than half of them. NULL:
 * none. */
static const struct word *nearest(const char *text)
{
	char name[NAME_MAX_LENGTH + 2];
	const struct word *found = NULL;
	unsigned least = 3, n = 0;

	while (n < NAME_MAX_LENGTH + 1 && text[n] && text[n] != '=') {
		name[n] = text[n];
		if (text[n++] == '.')
			break;
	}
	name[n] = 0;
	for (const struct word *word = __words_start; word != __words_end; word++) {
		unsigned far = word_distance(name, word->name);

		if (far < least && 2 * far <= n) {
			least = far;
			found = word;
		}
	}
	return found;
}

static _Noreturn void reject(const char *text, const struct word *word)
{
	if (word)
		refuse("bad value in word '%s': valid is %s%s", text, word->name, word->form);
	for (word = __words_start; word != __words_end; word++)
		printk("# valid: %s%s\n", word->name, word->form);
	word = nearest(text);
	if (word)
		refuse("unknown word '%s' on the command line, did you mean %s%s? The list has "
		       "all valid words",
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
