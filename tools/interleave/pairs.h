/* SPDX-License-Identifier: MIT */
/* Which guard stands in for which: guards off by twos. Shown, and never a kill. */
#pragma once

#include "tests/lab/scenario.h"

/* Explores the cell under memory_model with no guard off, each alone, and each two that make any
 * difference; "# ev=pair" lines. False: it does not hold with all of them on, or was cut off. The
 * cell is the one that was prepared (lab.h). */
bool pairs_of(const struct scenario *scenario, const struct cell *cell, u32 bound);
