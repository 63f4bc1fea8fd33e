/* SPDX-License-Identifier: MIT */
/*
 * In the kernel $gp points to the CPU's struct mips_cpu, which begins with its number, so reading
 * it is one instruction. CPUs are the virtual processors that the coherence manager counts, started
 * by the power controller.
 */
#pragma once

#include "arch/asm-generic/smp.h"

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("lw %0,0($28)" : "=r"(id));
	return id;
}

/* What $gp points to. */
static inline void *cpu_base(void)
{
	void *base;

	__asm__("move %0,$28" : "=r"(base));
	return base;
}
