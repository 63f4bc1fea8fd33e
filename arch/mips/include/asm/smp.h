/* SPDX-License-Identifier: MIT */
/*
 * CPUs. Ours are numbered 0 .. smp_count() - 1 without gaps; 0 booted. In the kernel $gp points to
 * the CPU's struct mips_cpu, which begins with the number, so reading it is one instruction.
 */
#pragma once

#include "kernel/compiler.h"

static inline unsigned cpu_id(void)
{
	unsigned id;

	__asm__("lw %0,0($28)" : "=r"(id));
	return id;
}

/* Asks the coherence manager. Once, on the boot CPU. At least 1; prints one "# ev=firmware ..."
 * line. */
unsigned smp_enumerate(void);
unsigned smp_count(void);
/* CPUs that there are beyond MAX_CPUS, or that cannot be used. */
unsigned smp_ignored(void);
/* The number the hardware knows the CPU by (virtual processor). */
u32 smp_hw_id(unsigned cpu);
/* Makes CPU `cpu` run; true if the power controller says that it does, which does not yet mean that
 * it got far: it reports by ap_main(). One at a time. */
bool smp_kick(unsigned cpu);
/* All CPUs that will come are there. */
void smp_start_finished(void);
/* Stops this CPU for good, interrupts off. */
_Noreturn void cpu_stop(void);
/* For a panic: stops all other CPUs that run, wherever they are and whatever they do. Bounded: one
 * that does not answer within a second is left alone. */
void smp_stop_others(void);
/* Afterwards: false if it runs and did not answer; *pc is where it was stopped, 0 if it slept or
 * never ran. */
bool smp_stopped(unsigned cpu, vaddr_t *pc);
