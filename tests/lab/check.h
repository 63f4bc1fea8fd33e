/* SPDX-License-Identifier: MIT */
/* Finds mistakes in a scenario, as far as the compiler cannot see them. Pure code. */
#pragma once

#include "tests/lab/lab.h"

/* Describes a mistake in `problem`, or leaves it empty. It may be a missing or malformed name, a
 * choreography without a script, a step of a role outside the scenario, and the like. */
void scenario_check(const struct scenario *scenario, char *problem, size_t size);
