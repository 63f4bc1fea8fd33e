/* SPDX-License-Identifier: MIT */
/*
 * The interrupt flag of this CPU. Going on takes what is pending.
 *
 * Off is a step: the last moment for an interrupt. On is none, because what is pending may come
 * before whatever step follows. The flag itself is nobody else's to see. cpu_nap() is one step that
 * waits: interrupts go on and the CPU sleeps without a gap between.
 */
#pragma once

#include "kernel/compiler.h"

bool irqs_enabled(void);
void irq_disable(void);
void irq_enable(void);
/* Off; returns what irq_restore() wants back. */
u32 irq_save(void);
void irq_restore(u32 flags);
/* Interrupts off on entry, on at return; takes what is pending, and in an exploration sleeps until
 * an interrupt was taken. */
void cpu_idle(void);
/* The same, in an exploration only. There is no timer. */
bool cpu_nap(u32 us);
