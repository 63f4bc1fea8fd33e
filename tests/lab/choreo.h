/* SPDX-License-Identifier: MIT */
/* Choreography: race points as the places where a script holds CPUs, and the trace of who came by. */
#pragma once

#include "tests/lab/lab.h"

#define TRACE_SIZE 128u

struct trace_entry {
	struct race_site site;
	u64 value;
	u8 role;
};

/* From here to choreo_end() race points of the roles' CPUs are recorded and obey the script. Roles have
 * not started. */
void choreo_begin(struct variant *v);
void choreo_end(void);
/* On the role's CPU, after its last race point: it will reach nothing any more. */
void choreo_role_over(void);

const struct trace_entry *choreo_trace(unsigned *nr, unsigned *lost);
/* NULL, or why the script could not go on: every role was parked or over. */
const char *choreo_stuck(void);
