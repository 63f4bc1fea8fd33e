/* SPDX-License-Identifier: MIT */
/* The test brings the devices and these functions for them. */
#pragma once

#include "kernel/compiler.h"

u8 inb(u16 port);
void outb(u16 port, u8 value);
u8 mmio_read8(const volatile void *p);
void mmio_write8(volatile void *p, u8 value);
u32 mmio_read32(const volatile void *p);
void mmio_write32(volatile void *p, u32 value);
