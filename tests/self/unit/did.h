/* SPDX-License-Identifier: MIT */
/* A word for each call that a test's stand-ins got, in their order. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "kernel/compiler.h"

static char did[4000];

/* Compares the words since the last look, and begins anew. */
static inline bool did_just(const char *expected)
{
	bool same = !strcmp(did, expected);

	if (!same)
		printf("# did <%s>\n", did);
	did[0] = 0;
	return same;
}
