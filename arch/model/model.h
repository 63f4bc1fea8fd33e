/* SPDX-License-Identifier: MIT */
/*
 * The host as a machine, with the knobs and the records of a test. In a unit test one CPU runs at a
 * time. The test makes other CPUs run in a race hook, in the hook of cpu_relax(), or in an
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

/*
 * Makes all memory zero, lets CPU 0 run, turns interrupts on everywhere, empties TLBs and records.
 */
void model_reset(void);

/*
 * Lets this CPU run from now on. Returns the CPU that ran before. Its interrupts stay as they were.
 */
unsigned model_switch_cpu(unsigned cpu);
bool model_irqs_on(unsigned cpu);
bool model_pending(unsigned cpu, enum ipi ipi);
/* While set, an interrupt stays on its way after it was sent, whatever its target's flag says,
 * until model_deliver(), or until the target turns its interrupts on. */
extern bool model_slow_ipis;
/* The CPU takes pending interrupts, if its interrupts are on. */
void model_deliver(unsigned cpu);
/* Called by every cpu_relax(). If it is NULL, an endless spin stops the test. */
extern void (*model_relax_hook)(void);

/* This CPU's hardware reads at va. Returns true and the translation it used in *pte, from its TLB
 * if there is one, otherwise from the loaded tables. Uses nothing of mm/. */
bool model_load(vaddr_t va, pte_t *pte);

/* The flushes since the reset, by CPU. */
struct model_flushes {
	unsigned count;
	vaddr_t start, end; /* of the last flush, [0, ~0) for a full one */
};
extern struct model_flushes model_flushes[MODEL_CPUS];
extern unsigned model_ipis[MODEL_CPUS][NR_IPIS]; /* sent to the CPU */
extern unsigned model_barriers[NR_MODEL_BARRIERS];

/* The machine calls these for its own notes. */
void record_ipi(unsigned cpu, enum ipi ipi);
void record_barrier(enum model_barrier kind);
void record_flush(unsigned cpu, vaddr_t start, vaddr_t end);

/* Fills a page in one operation with 64-bit words of `pattern`. */
void model_fill(void *p, u64 pattern);
/* Returns the address of a frame's bytes. */
void *model_frame(pfn_t pfn);
bool model_has_frame(pfn_t pfn);

/* The console's text as a string, cut at the size. */
extern char model_console[4096];
/* Called in the middle of each write to the console, so that other CPUs can run. May be NULL. */
extern void (*model_console_hook)(void);
extern u64 model_clock_step; /* ns added by each read of the clock */
