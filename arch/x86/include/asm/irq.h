/* SPDX-License-Identifier: MIT */
/* The interrupt flag of this CPU. All of these are compiler barriers. */
#pragma once

#include "kernel/compiler.h"

#define IRQS_ON BIT(9) /* EFLAGS.IF, set in the result of irq_save() if interrupts were on */

static inline u32 irq_flags(void)
{
	u32 flags;

	__asm__ __volatile__("pushfl; popl %0" : "=r"(flags)::"memory");
	return flags;
}

static inline void irq_disable(void)
{
	__asm__ __volatile__("cli" ::: "memory");
}

static inline void irq_enable(void)
{
	__asm__ __volatile__("sti" ::: "memory");
}

/* Switches interrupts off. Returns the flags for irq_restore(). */
static inline u32 irq_save(void)
{
	u32 flags = irq_flags();

	irq_disable();
	return flags;
}

/* Sleeps until an interrupt was taken. Call with interrupts off. They are on at return. STI holds
 * interrupts back for one instruction (SDM vol. 2, STI), so none is lost between the caller's test
 * and the HLT. */
static inline void cpu_idle(void)
{
	__asm__ __volatile__("sti; hlt" ::: "memory");
}

#include "arch/asm-generic/irq.h"
#include "arch/asm-generic/nap.h"
