/* SPDX-License-Identifier: MIT */
/* The search for everything that can happen (exploration.h). */
#pragma once

#include "tools/interleave/exploration.h"

/* path: the caller's to free */
struct result explore(const struct exploration *what);

/* CPU time of this process. */
double search_seconds(void);
