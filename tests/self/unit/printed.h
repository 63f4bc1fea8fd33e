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

static inline bool printed_just(const char *expected)
{
	const char *text = model_console + printed_before;
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# printed was:\n# <%s>\n", text);
	printed_before += strlen(text);
	return same;
}

#define PRINTED(expected, ...) CHECK(printed_just(expected), __VA_ARGS__)
