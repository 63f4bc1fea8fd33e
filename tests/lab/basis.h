/* SPDX-License-Identifier: MIT */
/* What the rows about the protocol take for granted of the machine: rows of group hw, which run first. */
#pragma once

#include "tests/lab/lab.h"

/* The scenario's rule was violated with every guard on, or the command line says so
 * (lab.broken=): what builds on it shows nothing from here on. */
void basis_broke(const struct scenario *scenario);
/* Does lab.broken= name it? */
bool basis_is_planted(const struct scenario *scenario);
/* Why the scenario is not run: the name of what it builds on and the machine breaks. NULL: none. */
const char *broken_basis(const struct scenario *scenario);
