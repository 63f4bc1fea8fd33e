/* SPDX-License-Identifier: MIT */
/* A path of an exploration, followed once more and told step by step. */
#pragma once

#include "tools/interleave/exploration.h"

/* The operation in words, and where in the source. */
void trace_say(const struct op *op, char *text, size_t size);
/* "# ev=step" lines. role: the name of a CPU's part. */
void trace_path(const struct exploration *what, const struct result *result,
		const char *(*role)(unsigned cpu));
