/* SPDX-License-Identifier: MIT */
/* The interrupt flag of this CPU. All of these are compiler barriers. */
#pragma once

#include "kernel/compiler.h"

#define IRQS_ON BIT(0) /* set in the results of irq_flags() and irq_save() if interrupts were on */

u32 irq_flags(void);
void irq_disable(void);
void irq_enable(void);
/* Turns interrupts off. Returns the argument for irq_restore(). */
u32 irq_save(void);
/* Call with interrupts off. They are on at return. Sleeps until one was taken. None may be lost
 * between the caller's test and the sleep. */
void cpu_idle(void);

#include "arch/asm-generic/irq.h"
#include "arch/asm-generic/nap.h"
