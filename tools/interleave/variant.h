/* SPDX-License-Identifier: MIT */
/* The explored scenario. */
#pragma once

#include "tests/lab/cell.h"
#include "tests/lab/lab.h"

/* The variant in the current state. */
extern struct variant variant;
/* The scenario it was made from, the same in every state. */
extern const struct scenario *variant_scenario;
extern const struct cell *variant_cell;

/* Sets scenario, cell and choices for printing. Runs nothing. */
void variant_prepare(const struct scenario *scenario, const struct cell *cell);
