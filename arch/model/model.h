/* SPDX-License-Identifier: MIT */
/*
 * The host as a machine: what a test sets and looks at. In a unit test one CPU runs at a time;
 * other CPUs run where the test makes them: in a race hook, in the hook of cpu_relax(), in an
 * interrupt. In an exploration (machine.h) all run, in every order.
 */
#pragma once

#include <asm/barrier.h>
#include <asm/ipi.h>
#include <asm/pgtable.h>
#include <asm/smp.h>

#ifndef MODEL_FRAMES
#define MODEL_FRAMES 512u /* in each of the two arrays */
#endif
#define MODEL_HIGH_PFN (1u << (32 - PAGE_SHIFT))

/* All of memory zero, CPU 0 runs, interrupts on everywhere, TLBs and records empty. */
void model_reset(void);

/* The CPU that runs from now on; returns the one that ran. Its interrupts stay as they were. */
unsigned model_switch_cpu(unsigned cpu);
bool model_irqs_on(unsigned cpu);
bool model_pending(unsigned cpu, enum ipi ipi);
/* While set, an interrupt that is sent stays on its way, whatever its target's flag says, until
 * model_deliver(), or until the target turns its interrupts on. */
extern bool model_slow_ipis;
/* The CPU takes what is pending, if its interrupts are on. */
void model_deliver(unsigned cpu);
/* Called by every cpu_relax(); NULL: a spin that never ends stops the test. */
extern void (*model_relax_hook)(void);

/* This CPU's hardware reads at va: true and *pte, the translation it used, from its TLB if that has
 * one, else from the tables it has loaded. It knows nothing of mm/. */
bool model_load(vaddr_t va, pte_t *pte);

/* On record since the reset, by CPU. */
struct model_flushes {
	unsigned count;
	vaddr_t start, end; /* of the last one; all: [0, ~0) */
};
extern struct model_flushes model_flushes[MODEL_CPUS];
extern unsigned model_ipis[MODEL_CPUS][NR_IPIS]; /* sent to the CPU */
extern unsigned model_barriers[NR_MODEL_BARRIERS];

/* The machine's own notes of these. */
void record_ipi(unsigned cpu, enum ipi ipi);
void record_barrier(enum model_barrier kind);
void record_flush(unsigned cpu, vaddr_t start, vaddr_t end);

/* A page in one operation; pattern: each of its 64-bit words. */
void model_fill(void *p, u64 pattern);
/* Where a frame's bytes are. */
void *model_frame(pfn_t pfn);
bool model_has_frame(pfn_t pfn);

/* What was written to the console, as a string, cut at the size. */
extern char model_console[4096];
/* In the middle of what is written to it, if set: other CPUs run. */
extern void (*model_console_hook)(void);
extern u64 model_clock_step; /* ns that pass at each look at the clock */
