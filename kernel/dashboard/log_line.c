/* SPDX-License-Identifier: MIT */
/* Finds the fields of a log line. */
#include "kernel/dashboard/log_line.h"

bool line_begins(const char *line, const char *with)
{
	while (*with && *line == *with) {
		line++;
		with++;
	}
	return !*with;
}

bool text_is(const char *a, const char *b)
{
	return line_begins(a, b) && line_begins(b, a);
}

void text_copy(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++)
		to[n++] = *from;
	to[n] = 0;
}

/* Returns the text behind " key=" outside of quotes, or NULL. */
static const char *find(const char *line, const char *key)
{
	bool quoted = false;

	for (; *line; line++) {
		const char *at = line + 1;

		if (*line == '"')
			quoted = !quoted;
		if (quoted || *line != ' ' || !line_begins(at, key))
			continue;
		at += __builtin_strlen(key);
		if (*at == '=')
			return at + 1;
	}
	return NULL;
}

bool line_field(const char *line, const char *key, char *to, size_t size)
{
	const char *at = find(line, key);
	size_t n = 0;
	char end = ' ';

	to[0] = 0;
	if (!at)
		return false;
	if (*at == '"')
		end = *at++;
	while (*at && *at != end && *at != '\n' && n + 1 < size)
		to[n++] = *at++;
	to[n] = 0;
	return true;
}

u32 line_number(const char *line, const char *key)
{
	const char *at = find(line, key);
	u32 value = 0;

	for (; at && *at >= '0' && *at <= '9'; at++)
		value = value * 10 + (u32)(*at - '0');
	return value;
}
