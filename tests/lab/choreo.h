/* SPDX-License-Identifier: MIT */
/* Choreography. A script holds CPUs at race points. */
#pragma once

#include "tests/lab/lab.h"

/* Until choreo_end(), race points of the roles' CPUs are recorded (trace.h) and obey the script.
 * Call before the roles start. */
void choreo_begin(struct variant *v);
void choreo_end(void);
/* Call on the role's CPU after its last race point. It will reach nothing any more. */
void choreo_role_over(void);

/* As lab_released_by() and lab_script_complete(v), for a scripted variant. */
bool choreo_released_by(unsigned step, unsigned alternative);
bool choreo_complete(void);
/* Returns where each role stood when all were parked or over and none could go on. NULL if it never
 * came to this. */
const char *choreo_stuck(void);
/* Describes the first step that did not happen or was released by none of its alternatives. Returns
 * false if there is no such step. */
bool choreo_missed(char *text, size_t size);
