/* SPDX-License-Identifier: MIT */
/* One variant from its address space to its verdict. */
#pragma once

#include "tests/lab/lab.h"

struct outcome {
	enum verdict verdict;
	const char *complaint; /* NULL, or what the lab found wrong beside the verdict: a failure */
	u32 us;                /* of the roles' run */
};

/* v is big and the caller's; it keeps what the judge said until the next call. Guards that the command
 * line switched off are off besides the cell's. */
struct outcome variant_run(struct variant *v, const struct scenario *scenario, const struct cell *cell);
/* The value that each choice has in a cell: the cell's, else the command line's, else what another choice
 * implies, else the default. */
void cell_choices(const struct cell *cell, u8 *choice);
unsigned scenario_roles(const struct scenario *scenario);
