/* SPDX-License-Identifier: MIT */
/* Behind a port's irq_flags(), IRQS_ON and irq_enable(), for its asm/irq.h. */
#pragma once

static inline bool irqs_enabled(void)
{
	return irq_flags() & IRQS_ON;
}

/* flags is the result of irq_save(). */
static inline void irq_restore(u32 flags)
{
	if (flags & IRQS_ON)
		irq_enable();
}
