/* SPDX-License-Identifier: MIT */
/* Is the other role's CPU at work at this very moment? An emulator's host may run one of them at a
 * time, and then no access of the one falls amidst those of the other. */
#pragma once

#include "kernel/compiler.h"

#define TOGETHER_MOVES 16u  /* that are seen one after the other */
#define TOGETHER_LOOKS 200u /* for each: far less than any slice of a host */

/* count: what the other role counts up all the time. */
static inline bool runs_now(const u32 *count)
{
	u32 last = READ_ONCE(*count);

	for (unsigned moves = 0; moves < TOGETHER_MOVES; moves++) {
		unsigned looks = 0;

		while (READ_ONCE(*count) == last && looks < TOGETHER_LOOKS)
			looks++;
		if (looks == TOGETHER_LOOKS)
			return false;
		last = READ_ONCE(*count);
	}
	return true;
}
