/* SPDX-License-Identifier: MIT */
/* The global interrupt controller, for IPIs and for its counter. */
#pragma once

#include "kernel/compiler.h"
#include <asm/ipi.h>

/* The bit of Cause.IP for a kind of IPI. */
#define GIC_LINE(ipi) (2 + (unsigned)(ipi))

/* Sets up the controller on the boot CPU. Returns the number of CPUs with interrupt sources. */
unsigned gic_init(void);
/* Routes the IPIs of a CPU to virtual processor vp. */
void gic_route(unsigned cpu, u32 vp);
/* This CPU takes the interrupt, so from here on another one can come. A full barrier. */
void gic_ack(enum ipi ipi);

/* Returns the same 64-bit count on any CPU, if one of them calls it at least every 20 s. */
u64 gic_counter(void);
#define GIC_COUNTER_NS 10u /* a tick on QEMU's Malta */
