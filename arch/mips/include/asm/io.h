/* SPDX-License-Identifier: MIT */
/*
 * Device registers, by one access of the stated width, in program order (uncached accesses of one
 * CPU stay in order, MIPS32 volume III, 4.8). The Malta board shows its PCI I/O space at physical
 * 0x18000000. Bytes there have the same addresses in both byte orders.
 */
#pragma once

#include "arch/asm-generic/mmio.h"

#define KSEG1	     0xa0000000ul /* unmapped and uncached, for physical addresses below 512 MiB */
#define MALTA_PCI_IO (KSEG1 + 0x18000000ul)

static inline void outb(u16 port, u8 value)
{
	*(volatile u8 *)(MALTA_PCI_IO + port) = value;
}

static inline u8 inb(u16 port)
{
	return *(const volatile u8 *)(MALTA_PCI_IO + port);
}
