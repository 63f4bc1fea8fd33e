/* SPDX-License-Identifier: MIT */
/*
 * In the kernel $gp points to the CPU's struct mips_cpu. Its number comes first in there, so
 * reading it is one instruction. CPUs are the virtual processors counted by the coherence manager
 * and started by the power controller.
 */
#pragma once

#include "arch/asm-generic/smp.h"

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("lw %0,0($28)" : "=r"(id));
	return id;
}

/* Returns the value of $gp. */
static inline void *cpu_base(void)
{
	void *base;

	__asm__("move %0,$28" : "=r"(base));
	return base;
}
