/* SPDX-License-Identifier: MIT */
/* Whether a scenario is written as one: what the compiler cannot see. Pure code. */
#pragma once

#include "tests/lab/lab.h"

/* Says in `problem` what is wrong: a name that is missing or malformed, a choreography without a
 * script, a step of a role that does not exist, and the like. "": nothing. */
void scenario_check(const struct scenario *scenario, char *problem, size_t size);
