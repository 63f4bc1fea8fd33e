/* SPDX-License-Identifier: MIT */
/*
 * The number of this CPU is in its prefix area, which is at real address 0 for each, so reading it
 * is one instruction. CPUs are the addresses that answer SIGP sense, started by initial CPU reset,
 * set prefix, restart.
 */
#pragma once

#include "arch/asm-generic/smp.h"

#define LOWCORE_CPU_ID 0x390 /* struct lowcore, arch/s390x/cpu.h */

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("l %0,%1(%%r0)" : "=d"(id) : "i"(LOWCORE_CPU_ID));
	return id;
}
