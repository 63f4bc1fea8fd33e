/* SPDX-License-Identifier: MIT */
/* Traps in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* The layout on the stack, written by arch/mips/entry.S. */
struct trap_frame {
	u32 arguments[4]; /* room for the C function's arguments, as the ABI wants */
	u32 reg[32];	  /* reg[26] and reg[27] are the kernel's own, and not kept */
	u32 hi, lo;
	u32 status, cause, epc, badvaddr;
};
_Static_assert(sizeof(struct trap_frame) == 42 * 4, "FRAME_SIZE of asm_defs.h");

/* FAULT_RESERVED means that nothing is at the physical address in the entry. TRAP_USER_CALL is a
 * SYSCALL, with its value in $v0. */

/* A user program. It loads from arg and returns the value. */
extern const u8 user_peek[], user_peek_end[];
