/* SPDX-License-Identifier: MIT */
/* What each row of the plan came to, pass after pass. The boot CPU's. */
#pragma once

#include "kernel/compiler.h"

enum row_end {
	ROW_PASSED,
	ROW_FAILED,
	ROW_SKIPPED,
	ROW_KNOWN,
	NR_ROW_ENDS
};

/* How many rows a pass has. */
void passes_plan(unsigned rows);
/* pass: from 1. */
void pass_begin(u32 pass);
u32 pass_number(void);
static inline bool pass_is_first(void)
{
	return pass_number() == 1;
}
/* How many rows of this pass came to that end. */
u32 pass_count(enum row_end end);

/* The next row of the pass begins. */
void row_begin(void);
/* Its number, from 1: the same in each pass; 0 before the first one. */
unsigned row_number(void);
/* Counts the row, in the pass and in the tally, where a row that fails in any pass has failed, and
 * every other is what it was in the first one. result: a string that stays. True if it has to be
 * said: it is another one than in the pass before. */
bool row_ends(enum row_end end, const char *result);
