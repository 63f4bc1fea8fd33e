/* SPDX-License-Identifier: MIT */
/* For asm/irq.h of a port without a timer interrupt, behind cpu_idle(). */
#pragma once

/* Sleeps until an interrupt only, because CAP_NAP is 0 and no wait sleeps. */
static inline bool cpu_nap(u32 us)
{
	(void)us;
	cpu_idle();
	return true;
}
