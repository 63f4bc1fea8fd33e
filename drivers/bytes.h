/* SPDX-License-Identifier: MIT */
/* Reads and writes little-endian numbers at any address, as firmware keeps them. */
#pragma once

#include "kernel/compiler.h"

static inline u16 get16(const u8 *p)
{
	return (u16)(p[0] | p[1] << 8);
}

static inline u32 get32(const u8 *p)
{
	return get16(p) | (u32)get16(p + 2) << 16;
}

static inline u64 get64(const u8 *p)
{
	return get32(p) | (u64)get32(p + 4) << 32;
}

static inline void set16(u8 *p, u16 value)
{
	p[0] = (u8)value;
	p[1] = (u8)(value >> 8);
}

static inline void set32(u8 *p, u32 value)
{
	set16(p, (u16)value);
	set16(p + 2, (u16)(value >> 16));
}

static inline void set64(u8 *p, u64 value)
{
	set32(p, (u32)value);
	set32(p + 4, (u32)(value >> 32));
}

static inline bool signature_is(const u8 *p, const char *signature, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (p[i] != (u8)signature[i])
			return false;
	return true;
}

static inline bool sums_to_zero(const u8 *p, size_t n)
{
	u8 sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (u8)(sum + p[i]);
	return sum == 0;
}
