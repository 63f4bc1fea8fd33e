/* SPDX-License-Identifier: MIT */
/* Traps in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* The order in which the CPU and entry.S push it. Segment registers hold 16 significant bits. */
struct trap_frame {
	u32 fs, es, ds;
	u32 edi, esi, ebp, esp_dummy, ebx, edx, ecx, eax;
	u32 vector, error;
	u32 eip, cs, eflags;
	u32 user_esp, user_ss; /* pushed only on a change of privilege, see trap_from_user() */
};
_Static_assert(sizeof(struct trap_frame) == 18 * 4, "entry.S pushes 18 words from user mode");

/*
 * A page fault's error code (SDM vol. 3, 4.7) has the bits of FAULT_* but FAULT_LIMIT, and its
 * address is in CR2. For FAULT_RESERVED, some entry has a reserved bit set. TRAP_USER_CALL is INT
 * 0x80 with the value in %eax.
 */

/* A user program, loads from arg and returns the value. */
extern const u8 user_peek[], user_peek_end[];
/* A user program, stores arg at arg. */
extern const u8 user_poke[], user_poke_end[];
