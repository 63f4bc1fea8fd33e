/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of this CPU. All of these are compiler barriers.
 *
 * "Off" masks the interrupts of the kernel by their bits in Status.IM and leaves Status.IE on, so
 * that one of them, the nowait shootdown's, is not held back: what an NMI is elsewhere. Where
 * nothing at all may come between, in the TLB handlers and around TLB operations, IE itself is off:
 * all_irqs_save(). An interrupt restores Status as it found it, so reading, changing and writing it
 * needs no protection.
 */
#pragma once

#include "kernel/compiler.h"

#define STATUS_IE	 BIT(0)
#define STATUS_IM(line)	 BIT(8 + (line))
#define STATUS_IM_IRQS	 (STATUS_IM(2) | STATUS_IM(3) | STATUS_IM(4))
#define STATUS_IM_NOWAIT STATUS_IM(5)
#define STATUS_IM_TIMER	 STATUS_IM(7) /* while a CPU naps */

#define IRQS_ON STATUS_IM(2) /* in what irq_save() returns, interrupts were on */

static inline u32 irq_flags(void)
{
	u32 status;

	__asm__ __volatile__("mfc0 %0,$12" : "=r"(status)::"memory");
	return status;
}

static inline void irq_set_status(u32 status)
{
	__asm__ __volatile__("mtc0 %0,$12; ehb" ::"r"(status) : "memory");
}

static inline void irq_disable(void)
{
	irq_set_status(irq_flags() & ~STATUS_IM_IRQS);
}

static inline void irq_enable(void)
{
	irq_set_status(irq_flags() | STATUS_IM_IRQS);
}

/* Off; returns what irq_restore() wants back. */
static inline u32 irq_save(void)
{
	u32 status = irq_flags();

	irq_set_status(status & ~STATUS_IM_IRQS);
	return status;
}

/* The nowait shootdown's too. */
static inline u32 all_irqs_save(void)
{
	u32 status = irq_flags();

	irq_set_status(status & ~STATUS_IE);
	return status;
}

static inline void all_irqs_restore(u32 status)
{
	if (status & STATUS_IE)
		irq_set_status(irq_flags() | STATUS_IE);
}

/* Interrupts off on entry, on at return; sleeps until one was taken. An interrupt between turning
 * them on and WAIT returns behind the WAIT (entry.S, trap.c), so none is lost. */
void cpu_idle(void);

/* The same, but also ends by itself, after about so many microseconds (at most 1,000,000): false.
 * True: by an interrupt. */
bool cpu_nap(u32 us);

#include "arch/asm-generic/irq.h"
