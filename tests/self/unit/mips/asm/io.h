/* SPDX-License-Identifier: MIT */
/* The test brings the devices and these functions. */
#pragma once

#define inb	     malta_inb
#define outb	     malta_outb
#define mmio_read8   malta_read8
#define mmio_write8  malta_write8
#define mmio_read32  malta_read32
#define mmio_write32 malta_write32
#include "arch/mips/include/asm/io.h"
#undef inb
#undef outb
#undef mmio_read8
#undef mmio_write8
#undef mmio_read32
#undef mmio_write32

#include "arch/model/include/asm/io.h"
