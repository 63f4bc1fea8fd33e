/* SPDX-License-Identifier: MIT */
/* The data of each CPU. */
#pragma once

#include "arch/asm-generic/user.h"
#include "arch/mips/asm_defs.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/trap.h>

/* EntryHi.ASID has 8 bits. 0 is never given out. */
#define ASIDS 256u

struct mips_cpu {
	u32 id;		      /* cpu_id() of asm/smp.h reads 0($gp) */
	vaddr_t kernel_sp;    /* traps from user mode push below this */
	vaddr_t user_context; /* stack pointer of user_enter() while user code runs */
	vaddr_t bottom, top;  /* the stack */
	vaddr_t emergency_top, emergency_bottom;
	u32 hw_id;

	/* The TLB's state (tlb.c), with the loaded root, its ASID and the next ASID. */
	paddr_t root;
	pgd_t *pgd;
	u32 asid, asid_next;
	bool flush_owed; /* with the guard rollover_flush off */
	/* With the guard asid_drop off, the ASIDs given to roots. */
	bool remembers;
	paddr_t root_of[ASIDS];
	pte_t window[NR_WINDOWS] __aligned(16); /* translations of the windows' pages */

	/* Set while two TLB entries may match on purpose (machine_check.c). */
	bool machine_check_expected;
	u32 machine_checks;

	bool nap_timed_out; /* set if cpu_nap() ended without an interrupt other than the timer's */

	/* Shared, for stop.c. Can the CPU take interrupts, was it stopped, and where? */
	u32 live, stopped;
	vaddr_t stopped_at;
	struct user_end user_end;
} __aligned(128);

extern struct mips_cpu mips_cpus[MAX_CPUS];

/* Returns this CPU's data. */
static inline struct mips_cpu *mips_this_cpu(void)
{
	return cpu_base();
}

/* Names [block, block + EMERGENCY_SIZE + STACK_SIZE) as the CPU's stacks and lays the canaries. */
void mips_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block);
/* Call on each CPU before tlb_init(). Sets the exception vectors and CP0 as the kernel needs them.
 * Panics if the CPU lacks a feature needed by the kernel. */
void mips_cpu_init(void);
