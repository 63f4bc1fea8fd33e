/* SPDX-License-Identifier: MIT */
/* The text printed by the tested code since the last look, as a whole. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"
#include "tests/self/unit/tap.h"

static size_t printed_before;

/* Empties the console and starts the clock again. */
static inline void printed_reset(void)
{
	devices_reset();
	printed_before = 0;
}

/* Puts each line behind a "# ", because the text may contain test points. */
static inline void printed_show(const char *text)
{
	printf("# printed was:\n# <");
	for (; *text; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("# ");
	}
	printf(">\n");
}

static inline bool printed_just(const char *expected)
{
	const char *text = model_console + printed_before;
	bool same = !strcmp(text, expected);

	if (!same)
		printed_show(text);
	printed_before += strlen(text);
	return same;
}

#define PRINTED(expected, ...) CHECK(printed_just(expected), __VA_ARGS__)

/* The same of more than the model's console holds: from printed_long() on, which begins it anew. */
static char printed_pieces[32768];

static inline void printed_collect(void)
{
	size_t used = strlen(printed_pieces), more = strlen(model_console);

	if (used + more < sizeof(printed_pieces))
		memcpy(printed_pieces + used, model_console, more + 1);
	memset(model_console, 0, sizeof(model_console));
	devices_reset();
	model_console_hook = printed_collect;
}

static inline void printed_long(void)
{
	printed_before = 0;
	memset(model_console, 0, sizeof(model_console));
	printed_collect();
	printed_pieces[0] = 0;
}

static inline bool printed_just_long(const char *expected)
{
	printed_collect();
	model_console_hook = NULL;
	if (!strcmp(printed_pieces, expected))
		return true;
	printf("# printed was:\n# <%s>\n", printed_pieces);
	return false;
}

#define PRINTED_LONG(expected, ...) CHECK(printed_just_long(expected), __VA_ARGS__)
