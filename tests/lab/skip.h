/* SPDX-License-Identifier: MIT */
/* Whether a cell is run. */
#pragma once

#include "tests/lab/scenario.h"

/* Why the cell is not run here, or not with this command line; NULL: it is. */
const char *cell_skip_reason(const struct scenario *scenario, const struct cell *cell);
