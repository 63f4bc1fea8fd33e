/* SPDX-License-Identifier: MIT */
/* The end of user_run(), for a port to keep with its CPU, the same on all of them. */
#pragma once

#include "arch/asm-generic/trap.h"

struct user_end {
	bool faulted;
	u32 value;	    /* of the call */
	struct fault fault; /* if faulted */
};

/* Fills and returns the results of user_run(). */
static inline bool user_result(const struct user_end *end, u32 *value, struct fault *fault)
{
	if (end->faulted)
		*fault = end->fault;
	else
		*value = end->value;
	return !end->faulted;
}
