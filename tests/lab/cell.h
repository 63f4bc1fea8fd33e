/* SPDX-License-Identifier: MIT */
/* Which cells there are, which of them can run here, and what each comes to. */
#pragma once

#include "tests/lab/lab.h"

/* As the log and the command line say it. */
extern const char *const mode_name[NR_MODES];

/* Every scenario of the image by name, but hw/ first, as the other groups build on what it shows;
 * returns how many. Once. */
unsigned sort_scenarios(void);
const struct scenario *scenario_at(unsigned index);
unsigned scenario_roles(const struct scenario *scenario);

/* What the scenario's script has the role do at that point, if anything: for those who do not go by
 * the script, at each arrival. */
void scenario_act_at(struct variant *v, unsigned role, enum race_point point);

/* NULL, or why this machine has fewer CPUs than that. */
const char *missing_cpus(unsigned least);
/* NULL, or why this machine lacks one of these needs (needs.def), in the words of a SKIP. */
const char *missing_need(u32 needs);
/* Why the cell is not run here, or not with this command line; NULL: it is. */
const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell);
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
