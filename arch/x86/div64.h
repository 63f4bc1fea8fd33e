/* SPDX-License-Identifier: MIT */
/* 64-bit by 32-bit division, because the compiler would call libgcc and we do not link it. */
#pragma once

#include "kernel/compiler.h"

static inline u64 div64_32(u64 dividend, u32 divisor)
{
	u32 high = (u32)(dividend >> 32), low = (u32)dividend, rest = high % divisor;

	/* rest < divisor, so the quotient fits (SDM vol. 2, DIV). */
	__asm__("divl %2" : "+a"(low), "+d"(rest) : "rm"(divisor) : "cc");
	return (u64)(high / divisor) << 32 | low;
}
