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

/* INT 0x80. */
#define USER_RETURN_WORD 0x000080cdu
/* UD2. */
#define USER_ILLEGAL_WORD 0x00000b0fu
