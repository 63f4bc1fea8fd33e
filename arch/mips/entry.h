/* SPDX-License-Identifier: MIT */
/* What entry.S, user.S and boot/mips/head.S give to and want from the port's C code. */
#pragma once

#include "kernel/compiler.h"
#include <asm/trap.h>

extern const u8 mips_vectors[], mips_trap_return[];
/* cpu_idle(): from the first to behind the last instruction at which an interrupt must end it. */
extern const u8 mips_idle_start[], mips_idle_end[];
/* cpu_idle() with these bits of Status on as well. */
void mips_idle(u32 lines);

/* Addresses of the instructions that may fault, and where to go on then: $v0 and $v1 must hold the
 * address and cause. */
extern const u8 try_load_access[], try_store_access[], try_failed[];

/* To user mode; returns when user_resume() is called. */
void user_enter(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2);
_Noreturn void user_resume(void);

/* From entry.S: any exception or interrupt, all interrupts off. */
void mips_trap(struct trap_frame *frame);

/* ops.S: an address in the function that calls, and its stack pointer; the end of the machine,
 * which returns if there is no debugger or emulator to serve it; a store of 64 bits by the
 * coprocessor, which must be usable. */
void mips_this_place(vaddr_t *pc, vaddr_t *sp);
void mips_uhi_exit(u32 status);
void mips_store64(volatile void *at, u32 low, u32 high);

/* Secondary CPUs begin at mips_ap_entry, page-aligned, and find themselves in mips_ap_cpu, by the
 * number the hardware knows them by. */
extern const u8 mips_ap_entry[];
struct mips_cpu;
extern struct mips_cpu *mips_ap_cpu[MAX_CPUS];
_Noreturn void mips_ap_start(void);
