/* SPDX-License-Identifier: MIT */
/* Guards off by twos show which guard stands in for which. They are shown, and never a kill. */
#pragma once

#include "tests/lab/scenario.h"

/* Explores the prepared cell (lab.h) under memory_model with no guard off, with each alone, and
 * with each two that make any difference. Prints "# ev=pair" lines. Returns false if the cell does
 * not hold with all of them on, or was cut off. */
bool pairs_of(const struct scenario *scenario, const struct cell *cell, u32 bound);
