/* SPDX-License-Identifier: MIT */
/*
 * CPUs. Ours are numbered 0 .. smp_count() - 1 without gaps; 0 booted. The number is in the CPU's
 * prefix area, which is at real address 0 for each, so reading it is one instruction.
 */
#pragma once

#include "kernel/compiler.h"

#define LOWCORE_CPU_ID 0x390 /* struct lowcore, arch/s390x/cpu.h */

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("l %0,%1(%%r0)" : "=d"(id) : "i"(LOWCORE_CPU_ID));
	return id;
}

/* Asks every CPU address (SIGP sense). Once, on the boot CPU. At least 1; prints one
 * "# ev=firmware ..." line. */
unsigned smp_enumerate(void);
unsigned smp_count(void);
/* CPUs that answer beyond MAX_CPUS. */
unsigned smp_ignored(void);
/* The number the hardware knows the CPU by (CPU address). */
u32 smp_hw_id(unsigned cpu);
/* Kicks CPU `cpu` awake (SIGP initial CPU reset, set prefix, restart); true if it took the orders,
 * which does not yet mean that it runs: it reports by ap_main(). One at a time. */
bool smp_kick(unsigned cpu);
/* All CPUs that will come are there: gives back what only their start needed. */
void smp_start_finished(void);
/* Stops this CPU for good, interrupts off. */
_Noreturn void cpu_stop(void);
/* For a panic: stops all other CPUs that run, wherever they are and whatever they do. Bounded: one
 * that does not answer within a second is left alone. */
void smp_stop_others(void);
/* Afterwards: false if it runs and did not answer; *pc is where it was stopped, 0 if it slept or
 * never ran. */
bool smp_stopped(unsigned cpu, vaddr_t *pc);
