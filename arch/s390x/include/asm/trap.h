/* SPDX-License-Identifier: MIT */
/* Interruptions in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* The six classes. Each has its old and new PSW in the prefix area. */
enum trap_class {
	CLASS_RESTART,
	CLASS_EXTERNAL,
	CLASS_SVC,
	CLASS_PROGRAM,
	CLASS_MACHINE_CHECK,
	CLASS_IO,
};

/* entry.S fills it. */
struct trap_frame {
	u64 gpr[16];
	u64 mask, address; /* the old PSW */
	u32 class;	   /* enum trap_class */
	u32 parameter;	   /* external, of a service signal */
	u16 cpu, external; /* external, address of the sender and code */
	u16 svc_length, svc;
	u16 program_length, program;
	u16 unused[2];
	u64 translation;   /* program, translation-exception identification */
	u64 machine_check; /* machine-check interruption code */
};
_Static_assert(sizeof(struct trap_frame) == 184, "entry.S fills 23 doublewords");

/*
 * A page fault follows the exception and its identification. An invalid entry of any level has
 * neither FAULT_PROTECTION nor FAULT_RESERVED. FAULT_RESERVED is a translation specification
 * exception, for a bit that must not be set. FAULT_LIMIT is an ASCE-type exception, beyond the end
 * of the top table's map. FAULT_WRITE of a kernel access comes only with FAULT_PROTECTION.
 * TRAP_USER_CALL is SVC with the value in %r2.
 */

/* Returns the code of this CPU's last program interruption. */
u32 program_interruption_code(void);

/* A user program, loads from arg and returns the value. */
extern const u8 user_peek[], user_peek_end[];
