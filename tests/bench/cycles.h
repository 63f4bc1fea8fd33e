/* SPDX-License-Identifier: MIT */
/* Cycles of one sample. */
#pragma once

#include <asm/clock.h>

static inline u32 since(u64 start)
{
	return (u32)(clock_cycles() - start);
}
