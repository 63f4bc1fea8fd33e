/* SPDX-License-Identifier: MIT */
/* Interruptions in generic terms. */
#pragma once

#include "arch/asm-generic/trap.h"

/* The six classes; each has its old and new PSW in the prefix area. */
enum trap_class {
	CLASS_RESTART,
	CLASS_EXTERNAL,
	CLASS_SVC,
	CLASS_PROGRAM,
	CLASS_MACHINE_CHECK,
	CLASS_IO,
};

/* As arch/s390x/entry.S fills it. */
struct trap_frame {
	u64 gpr[16];
	u64 mask, address; /* the old PSW */
	u32 class;	   /* enum trap_class */
	u32 parameter;	   /* external: of a service signal */
	u16 cpu, external; /* external: address of the sender, code */
	u16 svc_length, svc;
	u16 program_length, program;
	u16 unused[2];
	u64 translation;   /* program: translation-exception identification */
	u64 machine_check; /* machine-check interruption code */
};
_Static_assert(sizeof(struct trap_frame) == 184, "entry.S fills 23 doublewords");

/*
 * Page fault: what the exception and its identification say. An invalid entry of any level has
 * neither of FAULT_PROTECTION and FAULT_RESERVED. FAULT_RESERVED: translation specification, a bit
 * was set that must not be. FAULT_LIMIT: ASCE type, beyond what the top table maps. FAULT_WRITE: of
 * a kernel access, only where FAULT_PROTECTION is. TRAP_USER_CALL: SVC, value in %r2.
 */

/* Of this CPU's last program interruption. */
u32 program_interruption_code(void);

/* SVC 0. */
#define USER_RETURN_WORD 0x0a000a00u
/* No operation has the code 0. */
#define USER_ILLEGAL_WORD 0x00000000u
