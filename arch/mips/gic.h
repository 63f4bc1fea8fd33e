/* SPDX-License-Identifier: MIT */
/* The global interrupt controller, for IPIs, for its counter, and for each CPU's timer. */
#pragma once

#include "kernel/compiler.h"
#include <asm/ipi.h>

/* The bit of Cause.IP for a kind of IPI. Pin 0 of the controller is bit 2. */
#define FIRST_LINE	2u
#define GIC_LINE(ipi)	(FIRST_LINE + (unsigned)(ipi))
#define GIC_TIMER_LINE	6u

/* Sets up the controller on the boot CPU. Returns the number of CPUs with interrupt sources. */
unsigned gic_init(void);
/* Routes the IPIs of a CPU to virtual processor vp. */
void gic_route(unsigned cpu, u32 vp);
/* This CPU takes the interrupt, so from here on another one can come. A full barrier. */
void gic_ack(enum ipi ipi);

/* Returns the same 64-bit count on any CPU, if one of them calls it at least every 20 s. */
u64 gic_counter(void);
#define GIC_COUNTER_NS 10u /* a tick on QEMU's Malta */

/* Masks this CPU's local sources but its timer. Call on each CPU, after gic_init() on the first. */
void gic_timer_init(void);
/* Lets this CPU's timer raise its line in `ticks` of the counter. Returns false if the moment has
 * passed meanwhile. The line stays up until the next call. */
bool gic_timer_set(u32 ticks);
