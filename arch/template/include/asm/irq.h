/* SPDX-License-Identifier: MIT */
/* The interrupt flag of this CPU. All of these are compiler barriers. */
#pragma once

#include "kernel/compiler.h"

#define IRQS_ON BIT(0) /* in what irq_flags() and irq_save() return, interrupts were on */

u32 irq_flags(void);
void irq_disable(void);
void irq_enable(void);
/* Off; returns what irq_restore() wants back. */
u32 irq_save(void);
/* Interrupts off on entry, on at return; sleeps until one was taken. None may be lost between the
 * caller's test and the sleep. */
void cpu_idle(void);

#include "arch/asm-generic/irq.h"
#include "arch/asm-generic/nap.h"
