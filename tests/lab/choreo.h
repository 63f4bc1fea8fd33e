/* SPDX-License-Identifier: MIT */
/*
 * Race points as the places where a script holds CPUs (choreography) or where a CPU lingers for a random
 * while (stress), and the trace of who came by.
 */
#pragma once

#include "tests/lab/lab.h"

#define TRACE_SIZE 128u

struct trace_entry {
	struct race_site site;
	u64 value;
	u8 role;
};

/* From here to choreo_end() race points of the roles' CPUs are recorded. MODE_CHOREO: they obey the script.
 * MODE_STRESS: the script's acts are done where they stand, but nobody waits for anybody; round picks
 * the delays. Roles have not started. */
void choreo_begin(struct variant *v, u32 round);
void choreo_end(void);
/* On the role's CPU, after its last race point: it will reach nothing any more. */
void choreo_role_over(void);

const struct trace_entry *choreo_trace(unsigned *nr, unsigned *lost);
/* NULL, or why the script could not go on: every role was parked or over. */
const char *choreo_stuck(void);
