/* SPDX-License-Identifier: MIT */
/* Every scenario of the image. */
#pragma once

#include "tests/lab/lab.h"

/* Every scenario of the image by name, but hw/ first, as the other groups build on what it shows;
 * returns how many. Once. */
unsigned sort_scenarios(void);
unsigned scenario_count(void);
const struct scenario *scenario_at(unsigned index);
unsigned scenario_roles(const struct scenario *scenario);

/* What the scenario's script has the role do at that point, if anything: for those who do not go by
 * the script, at each arrival. */
void scenario_act_at(struct variant *v, unsigned role, enum race_point point);
