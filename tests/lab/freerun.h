/* SPDX-License-Identifier: MIT */
/* Free-running roles. At race points a CPU lingers for a random time. */
#pragma once

#include "tests/lab/lab.h"

/* Until free_end(), race points of the roles' CPUs are recorded (trace.h). The script's acts run at
 * their points, but no role waits for another. `round` picks the delays. */
void free_begin(struct variant *v, u32 round);
void free_end(void);
