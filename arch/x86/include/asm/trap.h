/* SPDX-License-Identifier: MIT */
/* Traps in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* As boot/x86 and arch/x86/entry.S push it; segment registers hold 16 significant bits. */
struct trap_frame {
	u32 fs, es, ds;
	u32 edi, esi, ebp, esp_dummy, ebx, edx, ecx, eax;
	u32 vector, error;
	u32 eip, cs, eflags;
	u32 user_esp, user_ss; /* pushed only on a change of privilege: see trap_from_user() */
};
_Static_assert(sizeof(struct trap_frame) == 18 * 4, "entry.S pushes 18 words from user mode");

/*
 * Page fault: the error code (SDM vol. 3, 4.7) has the bits of FAULT_* but FAULT_LIMIT; the address
 * is in CR2. FAULT_RESERVED: a reserved bit was set in some entry. TRAP_USER_CALL: INT 0x80, value
 * in %eax.
 */

/* A user program that loads from arg and returns the value. */
extern const u8 user_peek[], user_peek_end[];
/* A user program that stores arg at arg. */
extern const u8 user_poke[], user_poke_end[];
