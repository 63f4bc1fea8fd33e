/* SPDX-License-Identifier: MIT */
/* The result of each row of the plan, pass after pass. For the boot CPU. */
#pragma once

#include "kernel/compiler.h"

enum row_end {
	ROW_PASSED,
	ROW_FAILED,
	ROW_SKIPPED,
	ROW_KNOWN,
	NR_ROW_ENDS
};

/* Checks the number of rows in a pass against the room for them. */
void passes_plan(unsigned rows);
/* pass counts from 1. */
void pass_begin(u32 pass);
u32 pass_number(void);
static inline bool pass_is_first(void)
{
	return pass_number() == 1;
}
/* Returns the number of rows in this pass with the end `end`. */
u32 pass_count(enum row_end end);

/* Begins the next row of the pass. */
void row_begin(void);
/* Returns the row's number from 1, the same in each pass, or 0 before the first row. */
unsigned row_number(void);
/* Counts the row in the pass and in the tally. In the tally a row has failed if it fails in any
 * pass. Otherwise it counts as in the first pass. result is a string that stays. Returns true if it
 * differs from the pass before, so the caller prints it. */
bool row_ends(enum row_end end, const char *result);
