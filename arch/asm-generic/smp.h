/* SPDX-License-Identifier: MIT */
/*
 * The part of asm/smp.h shared by all ports. Our CPUs have the numbers 0 .. smp_count() - 1 without
 * gaps, and 0 booted. A port adds cpu_id(), the number of the calling CPU.
 */
#pragma once

#include "kernel/compiler.h"

/* Finds the CPUs. Call once, on the boot CPU. Returns at least 1. Prints one "# ev=firmware ..."
 * line, and names the CPUs it could not use. */
unsigned smp_enumerate(void);
unsigned smp_count(void);
/* Returns true if there are CPUs beyond MAX_CPUS or unusable ones, or if some may not have been
 * found. */
bool smp_incomplete(void);
/* Returns the hardware's number of the CPU. */
u32 smp_hw_id(unsigned cpu);
/* Kicks CPU `cpu` awake. Returns true if the CPU took the kick. It reports by ap_main() when it
 * runs. Start one at a time. */
bool smp_start_cpu(unsigned cpu);
/* Names in the log the unlisted CPUs that came since the last call. Call on the boot CPU. */
void smp_report_unlisted(void);
/* Stops this CPU for good, with interrupts off. */
_Noreturn void cpu_stop(void);
/* Call in a panic. Stops all other running CPUs, wherever they are and whatever they do. Leaves
 * alone a CPU that does not answer within a second. */
void smp_stop_others(void);
/* Call after smp_stop_others(). Returns false if the CPU runs and did not answer. Sets *pc to the
 * place where it was stopped, or to 0 if it slept or never ran. */
bool smp_stopped(unsigned cpu, vaddr_t *pc);
