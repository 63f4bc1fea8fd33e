/* SPDX-License-Identifier: MIT */
/* Names that entry.S and user.S share with the port's C code. */
#pragma once

#include "kernel/compiler.h"
#include <asm/trap.h>

/* The addresses of the new PSWs, by class. */
extern const u8 entry_restart[], entry_external[], entry_svc[], entry_program[],
	entry_machine_check[], entry_io[];
/* Replaces entry_restart in restart_counts(). */
extern const u8 entry_restart_mark[];

u64 try_load_asm(vaddr_t va, u32 *value);
u64 try_store_asm(vaddr_t va, u32 value);
/* The bounds of the code that may fault, and the place to go on at after a fault. */
extern const u8 __try_start[], __try_end[], try_failed[];

/* Goes to lowcore's user_psw. Returns when user_resume() is called. */
void user_enter(u32 arg, vaddr_t sp);
_Noreturn void user_resume(void);

/* Called by entry.S for any interruption. */
void s390_trap(struct trap_frame *frame);
/* The entry of a started CPU, without address translation. */
extern const u8 ap_entry[];
