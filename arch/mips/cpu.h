/* SPDX-License-Identifier: MIT */
/* What the port keeps for each CPU. */
#pragma once

#include "arch/asm-generic/user.h"
#include "arch/mips/asm_defs.h"
#include "kernel/compiler.h"
#include <asm/pgtable.h>
#include <asm/smp.h>
#include <asm/trap.h>

/* EntryHi.ASID has 8 bits; 0 is never given out. */
#define ASIDS 256u

struct mips_cpu {
	u32 id;		      /* asm/smp.h: cpu_id() reads 0($gp) */
	vaddr_t kernel_sp;    /* traps from user mode push below this */
	vaddr_t user_context; /* stack pointer of user_enter() while user code runs */
	vaddr_t bottom, top;  /* the stack */
	vaddr_t emergency_top, emergency_bottom;
	u32 hw_id;

	/* The TLB (tlb.c): the loaded root and its ASID, and the next one. */
	paddr_t root;
	pgd_t *pgd;
	u32 asid, asid_next;
	bool flush_owed; /* with the guard rollover_flush off */
	/* With the guard asid_drop off: which roots had which ASIDs. */
	bool remembers;
	paddr_t root_of[ASIDS];
	pte_t window[NR_WINDOWS] __aligned(16); /* what the windows' pages translate to */

	/* Two matching TLB entries, on purpose (machine_check.c). */
	bool machine_check_expected;
	u32 machine_checks;

	bool nap_timed_out; /* cpu_nap(): no interrupt but the timer's */

	/* shared, for stop.c: can take interrupts; was stopped; where */
	u32 live, stopped;
	vaddr_t stopped_at;
	struct user_end user_end;
} __aligned(128);

extern struct mips_cpu mips_cpus[MAX_CPUS];

/* This CPU's. */
static inline struct mips_cpu *mips_this_cpu(void)
{
	return cpu_base();
}

/* Names [block, block + EMERGENCY_SIZE + STACK_SIZE) as the CPU's stacks and lays the canaries. */
void mips_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block);
/* On each CPU, before tlb_init(): exception vectors, and what of CP0 the kernel relies on. Panics
 * if the CPU lacks something that the kernel cannot do without. */
void mips_cpu_init(void);
