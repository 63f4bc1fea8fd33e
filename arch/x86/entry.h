/* SPDX-License-Identifier: MIT */
/* Names that entry.S and user.S share with the port's C code. */
#pragma once

#include "kernel/compiler.h"
#include <asm/trap.h>

extern const u8 vector_stubs[]; /* 256 of 1 << STUB_SHIFT bytes */
extern const u8 double_fault_entry[];

/* The addresses of the instructions that may fault. After a fault, go on at try_failed with the
 * fault's address in %eax and its cause in %edx. */
extern const u8 try_load_access[], try_store_access[], try_failed[];
/* As try_load_access, for a general protection fault. */
extern const u8 msr_try_read_access[], msr_try_write_access[], msr_try_failed[];

/* Goes to user mode. Returns when user_resume() is called. */
void user_enter(vaddr_t pc, vaddr_t sp, u32 arg);
_Noreturn void user_resume(void);

/* Returns the address of the last page fault. */
vaddr_t read_cr2(void);

/* Called by entry.S for any exception or interrupt, and for a double fault. */
void x86_trap(struct trap_frame *frame);
_Noreturn void x86_double_fault(void);
