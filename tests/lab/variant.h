/* SPDX-License-Identifier: MIT */
/* One variant from its address space to its verdict. */
#pragma once

#include "tests/lab/lab.h"

struct outcome {
	enum verdict verdict;
	const char *complaint; /* NULL, or what the lab found wrong beside the verdict: a failure */
	u32 us;                /* of the roles' run */
};

/* off: NR_GUARDS, or the one guard that is off besides those of the command line. v is big and the
 * caller's; it keeps what the judge said until the next call. */
struct outcome variant_run(struct variant *v, const struct scenario *scenario, enum guard_id off);
unsigned scenario_roles(const struct scenario *scenario);
