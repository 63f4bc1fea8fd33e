/* SPDX-License-Identifier: MIT */
/* The port's data for each CPU, and the CPU's own tables. */
#pragma once

#include "arch/asm-generic/user.h"
#include "arch/x86/asm_defs.h"
#include "kernel/compiler.h"
#include <asm/trap.h>

/* 32-bit task state segment (SDM vol. 3, 8.2.1). */
struct x86_tss {
	u32 link;
	u32 esp0, ss0, esp1, ss1, esp2, ss2;
	u32 cr3, eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs;
	u32 ldt;
	u16 debug_trap, io_map;
};
_Static_assert(sizeof(struct x86_tss) == 104, "SDM vol. 3, figure 8-2");

struct x86_cpu {
	u32 id; /* cpu_id() of asm/smp.h reads %fs:0 */
	u32 hw_id;
	u32 user_context; /* stack pointer of user_run()'s caller, saved by user_enter() */
	u32 unused;
	struct x86_tss tss;    /* its esp0 is the stack for traps from user mode */
	struct x86_tss df_tss; /* the double-fault task */
	u64 gdt[NR_SEGMENTS];
	vaddr_t df_bottom, df_top, bottom, top; /* stacks */
	/* shared, for stop.c. `live` is set once it runs on its own tables and can take an NMI,
	 * `stopped` once it was stopped, at stopped_at. */
	u32 live, stopped;
	vaddr_t stopped_at;
	struct user_end user_end;
	bool arrived; /* a CPU with this id has come to x86_ap_identify() */
} __aligned(128);

extern struct x86_cpu x86_cpus[MAX_CPUS];

/* Returns this CPU's. */
struct x86_cpu *x86_this_cpu(void);
/* Names the stacks in [block, block + STACK_BLOCK_SIZE) as the CPU's and lays the canaries. */
void x86_cpu_prepare(unsigned cpu, u32 hw_id, vaddr_t block);
/* Loads GDT, %fs, TSS and IDT on this CPU, which is number `cpu`. */
void x86_cpu_load(unsigned cpu);
/* Builds the IDT for all CPUs in use, and those of park.h. */
void x86_idt_init(void);
/* Sets the root of the double-fault task. */
void x86_cpu_set_df_root(unsigned cpu, paddr_t root);
