/* SPDX-License-Identifier: MIT */
/* The global interrupt controller: IPIs and the counter. */
#pragma once

#include "kernel/compiler.h"
#include <asm/ipi.h>

/* Cause.IP of a kind of IPI. */
#define GIC_LINE(ipi) (2 + (unsigned)(ipi))

/* The controller, on the boot CPU. Returns how many CPUs it has interrupt sources for. */
unsigned gic_init(void);
/* The IPIs of a CPU are routed to virtual processor vp. */
void gic_route(unsigned cpu, u32 vp);
/* This CPU takes the interrupt: from here on another one can come. A full barrier. */
void gic_ack(enum ipi ipi);

/* Of any CPU: 64 bits, as long as one of them looks every 20 s. */
u64 gic_counter(void);
#define GIC_COUNTER_NS 10u /* a tick, as QEMU's Malta has it */
