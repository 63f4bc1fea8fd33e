/* SPDX-License-Identifier: MIT */
/*
 * CPU numbers and the start of CPUs. In the kernel %fs selects the per-CPU segment with this CPU's
 * number, so reading it is one instruction. The CPUs are listed in the ACPI MADT or the MP tables,
 * are known by their local APIC id, and are started by INIT, SIPI, SIPI (delays per the MP
 * specification B.4).
 */
#pragma once

#include "arch/asm-generic/smp.h"

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("movl %%fs:0,%0" : "=r"(id));
	return id;
}
