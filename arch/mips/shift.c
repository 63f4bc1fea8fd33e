/* SPDX-License-Identifier: MIT */
/* 64-bit shifts by a variable number 0 <= n < 64, called by the compiler under these names. */
#include "kernel/compiler.h"

u64 __ashldi3(u64 value, int n);
u64 __lshrdi3(u64 value, int n);

u64 __ashldi3(u64 value, int n)
{
	u32 low = (u32)value, high = (u32)(value >> 32);

	if (n >= 32)
		return (u64)(low << (n - 32)) << 32;
	if (!n)
		return value;
	return (u64)(high << n | low >> (32 - n)) << 32 | low << n;
}

u64 __lshrdi3(u64 value, int n)
{
	u32 low = (u32)value, high = (u32)(value >> 32);

	if (n >= 32)
		return high >> (n - 32);
	if (!n)
		return value;
	return (u64)(high >> n) << 32 | (low >> n | high << (32 - n));
}
