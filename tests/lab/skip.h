/* SPDX-License-Identifier: MIT */
/* Whether a cell is run. */
#pragma once

#include "tests/lab/scenario.h"

/* Returns why the cell is not run here or with this command line, NULL if it is. */
const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell);
