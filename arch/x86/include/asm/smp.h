/* SPDX-License-Identifier: MIT */
/*
 * The number of this CPU is in the per-CPU segment that %fs selects in the kernel, so reading it is
 * one instruction. CPUs come from the ACPI MADT or the MP tables, are known by their local APIC id,
 * and are started by INIT, SIPI, SIPI (delays per the MP specification B.4).
 */
#pragma once

#include "arch/asm-generic/smp.h"

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("movl %%fs:0,%0" : "=r"(id));
	return id;
}
