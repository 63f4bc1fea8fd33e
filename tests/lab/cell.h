/* SPDX-License-Identifier: MIT */
/* The choices of a cell, and their names in reports. */
#pragma once

#include "tests/lab/scenario.h"

/* Fills `choice` for the cell. A value of the cell comes first, then the command line's, then one
 * implied by another choice, then the default. */
void cell_choices(const struct cell *cell, u8 *choice);
bool cell_must_break(const struct cell *cell);
/* Returns whether only the explorer can show the expected result. */
static inline bool cell_is_explored(const struct cell *cell)
{
	return cell->from || cell->ending;
}

/* Fills `choice` with the values a report leaves out. */
void choices_unsaid(const struct cell *cell, u8 *choice);
/* Writes "zap=split,..." for the choices a report does not leave out, or "" if there are none.
 * `form` is the format of one choice, with two %s. */
void cell_choices_text(const struct cell *cell, const u8 *choice, char *text, size_t size,
		       const char *form, const char *between);
const char *cell_off_name(const struct cell *cell);
