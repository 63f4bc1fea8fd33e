/* SPDX-License-Identifier: MIT */
/* The external interruptions of this CPU, PSW bit 7 (Principles of Operation, chapter 4, "Program
 * Status Word"). All of these are compiler barriers. */
#pragma once

#include "kernel/compiler.h"

#define IRQS_ON BIT(0) /* of the system mask, set in irq_save()'s result if interrupts were on */

static inline void irq_disable(void)
{
	u8 mask;

	__asm__ __volatile__("stnsm %0,0xfe" : "=Q"(mask)::"memory");
}

static inline void irq_enable(void)
{
	u8 mask;

	__asm__ __volatile__("stosm %0,0x01" : "=Q"(mask)::"memory");
}

static inline u32 irq_flags(void)
{
	u8 mask;

	__asm__ __volatile__("stosm %0,0x00" : "=Q"(mask)::"memory");
	return mask;
}

/* Switches interrupts off. Returns the flags for irq_restore(). */
static inline u32 irq_save(void)
{
	u8 mask;

	__asm__ __volatile__("stnsm %0,0xfe" : "=Q"(mask)::"memory");
	return mask;
}

/* Sleeps until an interrupt was taken. Call with interrupts off. They are on at return. One step
 * loads a PSW with the wait bit and external interruptions on, so none is lost after the caller's
 * test. */
void cpu_idle(void);

#include "arch/asm-generic/irq.h"
#include "arch/asm-generic/nap.h"
