/* SPDX-License-Identifier: MIT */
/* The test sets the value of $gp. */
#pragma once

#include "arch/asm-generic/smp.h"

extern void *host_gp;

static inline unsigned cpu_id(void)
{
	return *(u32 *)host_gp;
}

static inline void *cpu_base(void)
{
	return host_gp;
}
