/* SPDX-License-Identifier: MIT */
/* The interface of entry.S, ops.S, user.S and boot/mips/head.S with the port's C code. */
#pragma once

#include "kernel/compiler.h"
#include <asm/trap.h>

extern const u8 mips_vectors[], mips_trap_return[];
/*
 * The instructions of cpu_idle(), from the first one to behind the last one, at which an interrupt
 * must end it.
 */
extern const u8 mips_idle_start[], mips_idle_end[];
/* As cpu_idle(), with these bits of Status on as well. */
void mips_idle(u32 lines);

/* The instructions of these functions that may fault, and the place to continue at. Set $v0 to the
 * address and $v1 to the cause before. */
extern const u8 try_load_access[], try_store_access[], try_failed[];

/* Enters user mode. Returns when user_resume() is called. */
void user_enter(vaddr_t pc, vaddr_t sp, u32 arg);
_Noreturn void user_resume(void);

/* Called by entry.S for every exception and interrupt, with all interrupts off. */
void mips_trap(struct trap_frame *frame);

/* Functions of ops.S. mips_this_place() gives an address in the calling function and its stack
 * pointer. mips_uhi_exit() ends the machine, or returns if no debugger or emulator serves it.
 * mips_store64() stores 64 bits by the coprocessor, so make it usable first. */
void mips_this_place(vaddr_t *pc, vaddr_t *sp);
void mips_uhi_exit(u32 status);
void mips_store64(volatile void *at, u32 low, u32 high);

/* Secondary CPUs begin at mips_ap_entry, which is page-aligned. They find themselves in mips_ap_cpu
 * by the number the hardware gives them. */
extern const u8 mips_ap_entry[];
struct mips_cpu;
extern struct mips_cpu *mips_ap_cpu[MAX_CPUS];
_Noreturn void mips_ap_start(void);
