/* SPDX-License-Identifier: MIT */
/* Faults that the command line plants (fault.*), to see that the machine reports them. */
#pragma once

#include "kernel/compiler.h"

/* The CPU that never acknowledges a shootdown, or MAX_CPUS. Set at boot. */
extern u32 fault_noack_cpu;

static inline bool fault_noack(unsigned cpu)
{
#ifdef ZAPWALK_LAB
	return unlikely(fault_noack_cpu == cpu);
#else
	(void)cpu;
	return false;
#endif
}
