/* SPDX-License-Identifier: MIT */
/* Port and memory-mapped I/O, each one access of the stated width, in program order. */
#pragma once

#include "arch/asm-generic/mmio.h"

static inline void outb(u16 port, u8 value)
{
	__asm__ __volatile__("outb %0,%1" ::"a"(value), "Nd"(port) : "memory");
}

static inline u8 inb(u16 port)
{
	u8 value;

	__asm__ __volatile__("inb %1,%0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u32 inl(u16 port)
{
	u32 value;

	__asm__ __volatile__("inl %1,%0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}
