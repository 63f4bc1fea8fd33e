/* SPDX-License-Identifier: MIT */
/* The interrupt flag of this CPU. All of these are compiler barriers. */
#pragma once

#include "kernel/compiler.h"

#define IRQS_ON BIT(9) /* EFLAGS.IF: in what irq_save() returns, interrupts were on */

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

/* Off; returns what irq_restore() wants back. */
static inline u32 irq_save(void)
{
	u32 flags = irq_flags();

	irq_disable();
	return flags;
}

/* Interrupts off on entry, on at return; sleeps until one was taken. STI holds interrupts back for
 * one instruction (SDM vol. 2, STI), so none is lost between the caller's test and the HLT. */
static inline void cpu_idle(void)
{
	__asm__ __volatile__("sti; hlt" ::: "memory");
}

#include "arch/asm-generic/irq.h"
#include "arch/asm-generic/nap.h"
