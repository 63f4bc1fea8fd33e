/* SPDX-License-Identifier: MIT */
/* Included first. Gives the port's asm/io.h and MSRs other names, so that the test brings its own
 * devices. */
#pragma once

#define inb	     real_inb
#define inl	     real_inl
#define outb	     real_outb
#define mmio_read8   real_mmio_read8
#define mmio_read32  real_mmio_read32
#define mmio_write8  real_mmio_write8
#define mmio_write32 real_mmio_write32
#include <asm/io.h>
#undef inb
#undef inl
#undef outb
#undef mmio_read8
#undef mmio_read32
#undef mmio_write8
#undef mmio_write32

u8 inb(u16 port);
u32 inl(u16 port);
void outb(u16 port, u8 value);
u32 mmio_read32(const volatile void *p);
void mmio_write32(volatile void *p, u32 value);
