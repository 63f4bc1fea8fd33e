/* SPDX-License-Identifier: MIT */
/* The scenario that is explored. */
#pragma once

#include "tests/lab/cell.h"
#include "tests/lab/lab.h"

/* As it is in the current state. */
extern struct variant variant;
/* What it is made of, in every state. */
extern const struct scenario *variant_scenario;
extern const struct cell *variant_cell;

/* scenario, cell and choices, for those who print them; nothing runs. */
void variant_prepare(const struct scenario *scenario, const struct cell *cell);
