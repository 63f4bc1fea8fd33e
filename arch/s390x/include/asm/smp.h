/* SPDX-License-Identifier: MIT */
/*
 * CPU numbers and the start of CPUs. The number of this CPU is in its prefix area. Each CPU sees
 * this area at real address 0, so reading it is one instruction. CPUs are found by their answer to
 * SIGP sense, and started by initial CPU reset, set prefix, restart.
 */
#pragma once

#include "arch/asm-generic/smp.h"

#define LOWCORE_CPU_ID 0x390 /* in struct lowcore, arch/s390x/cpu.h */

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("l %0,%1(%%r0)" : "=d"(id) : "i"(LOWCORE_CPU_ID));
	return id;
}
