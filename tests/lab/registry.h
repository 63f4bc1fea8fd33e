/* SPDX-License-Identifier: MIT */
/* Every scenario of the image. */
#pragma once

#include "tests/lab/lab.h"

/* Sorts every scenario of the image by name, but hw/ first, because the other groups build on it.
 * Returns their number. Call once. */
unsigned sort_scenarios(void);
unsigned scenario_count(void);
const struct scenario *scenario_at(unsigned index);
unsigned scenario_roles(const struct scenario *scenario);

/* Runs the act of the scenario's script for the role at the point, if there is one. For roles
 * without the script, at each arrival. */
void scenario_act_at(struct variant *v, unsigned role, enum race_point point);
