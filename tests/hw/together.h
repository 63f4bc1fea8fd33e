/* SPDX-License-Identifier: MIT */
/* Is the other role's CPU running at this very moment? An emulator's host may run one of them at a
 * time. Then no access of one comes amid the accesses of the other. */
#pragma once

#include "kernel/compiler.h"

#define TOGETHER_MOVES 16u  /* seen one after the other */
#define TOGETHER_LOOKS 200u /* for each move, far less than any slice of a host */

/* count is the counter that the other role increments all the time. */
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
