/* SPDX-License-Identifier: MIT */
/* What a cell comes to. */
#pragma once

#include "tests/lab/scenario.h"

/* The value that each choice has in a cell: the cell's, else the command line's, else what another
 * choice implies, else the default. */
void cell_choices(const struct cell *cell, u8 *choice);
bool cell_must_break(const struct cell *cell);
/* Only the explorer can show what the cell expects. */
static inline bool cell_is_explored(const struct cell *cell)
{
	return cell->from || cell->ending;
}

/* The values that a report need not say. */
void choices_unsaid(const struct cell *cell, u8 *choice);
/* "zap=split,..." of choices that are not as in a cell that says nothing; "": none. form: of each,
 * with two %s. */
void cell_choices_text(const struct cell *cell, const u8 *choice, char *text, size_t size,
		       const char *form, const char *between);
const char *cell_off_name(const struct cell *cell);
