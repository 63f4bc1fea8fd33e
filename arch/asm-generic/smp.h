/* SPDX-License-Identifier: MIT */
/*
 * CPUs: the part of asm/smp.h that all ports share. Ours are numbered 0 .. smp_count() - 1 without
 * gaps; 0 booted. A port adds cpu_id(), the number of the CPU that asks.
 */
#pragma once

#include "kernel/compiler.h"

/* Finds the CPUs. Once, on the boot CPU. At least 1; prints one "# ev=firmware ..." line, and names
 * what it could not use. */
unsigned smp_enumerate(void);
unsigned smp_count(void);
/* Whether there are CPUs beyond MAX_CPUS or that cannot be used, or may be some that were not
 * found. */
bool smp_incomplete(void);
/* The number the hardware knows the CPU by. */
u32 smp_hw_id(unsigned cpu);
/* Kicks CPU `cpu` awake; true if it took that, which does not yet mean that it runs: it reports by
 * ap_main(). One at a time. */
bool smp_start_cpu(unsigned cpu);
/* Names in the log the CPUs that came although nobody listed them, since the last call. Boot
 * CPU. */
void smp_report_unlisted(void);
/* Stops this CPU for good, interrupts off. */
_Noreturn void cpu_stop(void);
/* For a panic: stops all other CPUs that run, wherever they are and whatever they do. Bounded: one
 * that does not answer within a second is left alone. */
void smp_stop_others(void);
/* Afterwards: false if it runs and did not answer; *pc is where it was stopped, 0 if it slept or
 * never ran. */
bool smp_stopped(unsigned cpu, vaddr_t *pc);
