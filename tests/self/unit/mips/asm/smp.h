/* SPDX-License-Identifier: MIT */
/* The test says what $gp points to. */
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
