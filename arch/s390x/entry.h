/* SPDX-License-Identifier: MIT */
/* What entry.S and user.S give to and want from the port's C code. */
#pragma once

#include "kernel/compiler.h"
#include <asm/trap.h>

/* New PSW addresses, by class. */
extern const u8 entry_restart[], entry_external[], entry_svc[], entry_program[],
	entry_machine_check[], entry_io[];
/* Instead of entry_restart: restart_counts(). */
extern const u8 entry_restart_mark[];

u64 try_load_asm(vaddr_t va, u32 *value);
u64 try_store_asm(vaddr_t va, u32 value);
/* Of the code that may fault, and where to go on then. */
extern const u8 __try_start[], __try_end[], try_failed[];

/* To lowcore's user_psw; returns when user_resume() is called. */
void user_enter(vaddr_t arg, u32 arg2, vaddr_t sp);
_Noreturn void user_resume(void);

/* From entry.S: any interruption. */
void s390_trap(struct trap_frame *frame);
/* Where a CPU that is started begins, without address translation. */
extern const u8 ap_entry[];
