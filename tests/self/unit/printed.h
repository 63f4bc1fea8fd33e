/* SPDX-License-Identifier: MIT */
/* What the code under test printed since the last look, as a whole. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "arch/model/cpu.h"
#include "arch/model/model.h"
#include "tests/self/unit/tap.h"

static size_t printed_before;

/* The console is empty and the clock begins again. */
static inline void printed_reset(void)
{
	devices_reset();
	printed_before = 0;
}

/* Each line behind a "# ", because what was printed may be test points itself. */
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
