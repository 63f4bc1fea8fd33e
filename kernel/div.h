/* SPDX-License-Identifier: MIT */
/* 64-bit division for 32-bit machines, where the compiler would call libgcc. Not for hot paths. */
#pragma once

#include "kernel/compiler.h"

static inline u64 div_u64(u64 n, u32 d, u32 *rest)
{
	u64 quotient = 0, remainder = 0;

	for (int bit = 63; bit >= 0; bit--) {
		remainder = remainder << 1 | (n >> bit & 1);
		if (remainder >= d) {
			remainder -= d;
			quotient |= 1ull << bit;
		}
	}
	if (rest)
		*rest = (u32)remainder;
	return quotient;
}
