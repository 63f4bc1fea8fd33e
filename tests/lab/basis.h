/* SPDX-License-Identifier: MIT */
/* Scenarios of group hw. They run first, as those about the protocol rely on their promises. */
#pragma once

#include "tests/lab/lab.h"

/* Records a violation of the scenario's rule with every guard on, or one claimed by lab.broken=.
 * From here on, scenarios that build on it show nothing. */
void basis_broke(const struct scenario *scenario);
/* Returns whether lab.broken= names the scenario. */
bool basis_is_planted(const struct scenario *scenario);
/* Returns why the scenario is not run, with the name of the broken one it needs. NULL if there is
 * none. */
const char *broken_basis(const struct scenario *scenario);
