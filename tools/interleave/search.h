/* SPDX-License-Identifier: MIT */
/* The search for everything that can happen (exploration.h). */
#pragma once

#include "tools/interleave/exploration.h"

/* The caller frees path. */
struct result explore(const struct exploration *what);

/* Returns the CPU time of this process. */
double search_seconds(void);
