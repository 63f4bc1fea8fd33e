/* SPDX-License-Identifier: MIT */
/* Free-running roles: race points as the places where a CPU lingers for a random while. */
#pragma once

#include "tests/lab/lab.h"

/* From here to free_end() race points of the roles' CPUs are recorded (trace.h). The script's acts
 * are done where they stand, but nobody waits for anybody; round picks the delays. */
void free_begin(struct variant *v, u32 round);
void free_end(void);
