/* SPDX-License-Identifier: MIT */
/* Device registers in memory, for asm/io.h of a port with plain accesses to them, of the stated
 * width and in program order. */
#pragma once

#include "kernel/compiler.h"

static inline u8 mmio_read8(const volatile void *p)
{
	return *(const volatile u8 *)p;
}

static inline void mmio_write8(volatile void *p, u8 value)
{
	*(volatile u8 *)p = value;
}

static inline u32 mmio_read32(const volatile void *p)
{
	return *(const volatile u32 *)p;
}

static inline void mmio_write32(volatile void *p, u32 value)
{
	*(volatile u32 *)p = value;
}
