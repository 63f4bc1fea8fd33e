/* SPDX-License-Identifier: MIT */
/* Choreography: race points as the places where a script holds CPUs. */
#pragma once

#include "tests/lab/lab.h"

/* From here to choreo_end() race points of the roles' CPUs are recorded (trace.h) and obey the
 * script. Roles have not started. */
void choreo_begin(struct variant *v);
void choreo_end(void);
/* On the role's CPU, after its last race point: it will reach nothing any more. */
void choreo_role_over(void);

/* As lab_released_by() and lab_script_complete(v) say, for a scripted variant. */
bool choreo_released_by(unsigned step, unsigned alternative);
bool choreo_complete(void);
/* NULL, or why the script could not go on: every role was parked or over. */
const char *choreo_stuck(void);
/* Which step of the script did not happen, or was released by none of its alternatives; false: each
 * was. */
bool choreo_missed(char *text, size_t size);
