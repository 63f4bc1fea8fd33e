/* SPDX-License-Identifier: MIT */
/*
 * Interrupts of this CPU. All of these are compiler barriers.
 *
 * "Off" masks the interrupts of the kernel by their bits in Status.IM. It leaves Status.IE on, so
 * the interrupt of the nowait shootdown is not held back, and serves as an NMI does elsewhere. In
 * the TLB handlers and around TLB operations nothing at all may come between, so all_irqs_save()
 * turns IE off too. An interrupt restores Status as it found it, so no protection is needed to
 * read, change and write it.
 */
#pragma once

#include "kernel/compiler.h"
#include <asm/cp0.h>

#define STATUS_IE	 BIT(0)
#define STATUS_IM(line)	 BIT(8 + (line))
#define STATUS_IM_IRQS	 (STATUS_IM(2) | STATUS_IM(3) | STATUS_IM(4))
#define STATUS_IM_NOWAIT STATUS_IM(5)
#define STATUS_IM_TIMER	 STATUS_IM(6) /* while a CPU naps */

#define IRQS_ON STATUS_IM(2) /* set in the result of irq_save() if interrupts were on */

static inline u32 irq_flags(void)
{
	return cp0_status();
}

static inline void irq_set_status(u32 status)
{
	cp0_set_status(status);
}

static inline void irq_disable(void)
{
	irq_set_status(irq_flags() & ~STATUS_IM_IRQS);
}

static inline void irq_enable(void)
{
	irq_set_status(irq_flags() | STATUS_IM_IRQS);
}

/* Turns interrupts off. Returns the argument for irq_restore(). */
static inline u32 irq_save(void)
{
	u32 status = irq_flags();

	irq_set_status(status & ~STATUS_IM_IRQS);
	return status;
}

/* As irq_save(), and the nowait shootdown's interrupt is off too. */
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

/* Call with interrupts off. Turns them on, and sleeps until one was taken. An interrupt between
 * turning them on and WAIT returns behind the WAIT (entry.S, trap.c), so none is lost. */
void cpu_idle(void);

/* As cpu_idle(), but also ends after about `us` microseconds, at most 1,000,000. Returns true if an
 * interrupt ended it. */
bool cpu_nap(u32 us);

#include "arch/asm-generic/irq.h"
