/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

#define MSR_MCG_CAP 0x179 /* machine check banks and abilities (SDM vol. 3, 15.3.1.1) */

/* As msr_read() and msr_write(), but return false if the CPU lacks the register. */
bool msr_try_read(u32 msr, u64 *value);
bool msr_try_write(u32 msr, u64 value);

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
