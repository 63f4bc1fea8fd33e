/* SPDX-License-Identifier: MIT */
/* Follows a path of an exploration once more and prints it step by step. */
#pragma once

#include "tools/interleave/exploration.h"

/* Writes the operation in words, with its place in the source. */
void trace_say(const struct op *op, char *text, size_t size);
/* Prints "# ev=step" lines. role() names a CPU's part. */
void trace_path(const struct exploration *what, const struct result *result,
		const char *(*role)(unsigned cpu));
