/* SPDX-License-Identifier: MIT */
/* Walking a cpumask_t value. The mask itself is shared and changed by atomic_or/atomic_and only. */
#pragma once

#include "kernel/compiler.h"

/* Lowest CPU of a non-empty mask. */
static inline unsigned cpumask_first(cpumask_t mask)
{
	return (unsigned)__builtin_ctz(mask);
}

static inline unsigned cpumask_count(cpumask_t mask)
{
	unsigned n = 0;

	for (; mask; mask &= mask - 1)
		n++;
	return n;
}

#define for_each_cpu(cpu, mask)                                                                    \
	for (cpumask_t left_ = (mask); left_ && ((cpu) = cpumask_first(left_), true);              \
	     left_ &= left_ - 1)
