/* SPDX-License-Identifier: MIT */
/* Keeps the result of each row from one pass to the next. */
#include "tests/lab/passes.h"

#include "kernel/finish.h"
#include "kernel/printk.h"
#include "kernel/string.h"

#define ROWS_MAX 1024u

static struct {
	const char *result; /* in the last pass to reach the row */
	enum row_end end;   /* as the tally has it */
} rows[ROWS_MAX];
static unsigned row;
static u32 pass = 1, counts[NR_ROW_ENDS];

void passes_plan(unsigned n)
{
	assert(n <= ROWS_MAX);
}

void pass_begin(u32 number)
{
	pass = number;
	row = 0;
	memset(counts, 0, sizeof(counts));
}

u32 pass_number(void)
{
	return pass;
}

u32 pass_count(enum row_end end)
{
	return counts[end];
}

void row_begin(void)
{
	row++;
}

unsigned row_number(void)
{
	return row;
}

static u32 *tally_of(enum row_end end)
{
	u32 *const of[NR_ROW_ENDS] = {[ROW_PASSED] = &tally.passed,
				      [ROW_FAILED] = &tally.failed,
				      [ROW_SKIPPED] = &tally.skipped,
				      [ROW_KNOWN] = &tally.known};

	return of[end];
}

bool row_ends(enum row_end end, const char *result)
{
	unsigned at = row - 1;
	bool news = pass_is_first() || strcmp(rows[at].result, result);

	counts[end]++;
	if (pass_is_first()) {
		rows[at].end = end;
		(*tally_of(end))++;
	} else if (end == ROW_FAILED && rows[at].end != ROW_FAILED) {
		(*tally_of(rows[at].end))--;
		tally.failed++;
		rows[at].end = ROW_FAILED;
	}
	rows[at].result = result;
	return news;
}
