/* SPDX-License-Identifier: MIT */
/*
 * The interrupt flag of this CPU. When it goes on, pending interrupts are taken.
 *
 * Off is a step, because it is the last moment for an interrupt. On is none, because a pending
 * interrupt may come before any step that follows. No other CPU can see the flag itself. cpu_nap()
 * is one waiting step. Interrupts go on and the CPU sleeps, without a gap between.
 */
#pragma once

#include "kernel/compiler.h"

bool irqs_enabled(void);
void irq_disable(void);
void irq_enable(void);
/* Turns interrupts off. Returns the argument for irq_restore(). */
u32 irq_save(void);
void irq_restore(u32 flags);
/* Call with interrupts off. They are on at return. Takes pending interrupts, and in an exploration
 * sleeps until an interrupt was taken. */
void cpu_idle(void);
/* As cpu_idle(), for explorations only. There is no timer. */
bool cpu_nap(u32 us);
