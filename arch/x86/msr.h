/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

static inline u64 msr_read(u32 msr)
{
	u32 low, high;

	__asm__ __volatile__("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (u64)high << 32 | low;
}

static inline void msr_write(u32 msr, u64 value)
{
	__asm__ __volatile__("wrmsr" ::"c"(msr), "a"((u32)value), "d"((u32)(value >> 32))
			     : "memory");
}
