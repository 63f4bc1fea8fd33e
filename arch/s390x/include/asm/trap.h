/* SPDX-License-Identifier: MIT */
/* Interruptions in generic terms. */
#pragma once

#include "kernel/compiler.h"

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

enum trap_kind {
	TRAP_PAGE_FAULT,
	TRAP_USER_CALL, /* the user program's way back: SVC, value in %r2 */
	TRAP_OTHER,
};

/* Page fault: what the exception and its identification say. An invalid entry of any level has
 * neither of FAULT_PROTECTION and FAULT_RESERVED. */
#define FAULT_PROTECTION BIT(0) /* protection: the entry was valid */
#define FAULT_WRITE	 BIT(1) /* of a kernel access, only where FAULT_PROTECTION is */
#define FAULT_USER	 BIT(2)
#define FAULT_RESERVED	 BIT(3) /* translation specification: a bit was set that must not be */
#define FAULT_EXEC	 BIT(4)
#define FAULT_LIMIT	 BIT(5) /* ASCE type: the address is beyond what the top table maps */

struct fault {
	vaddr_t address; /* of the page: the hardware tells no more */
	u32 cause;	 /* FAULT_* */
};

enum trap_kind trap_kind(const struct trap_frame *frame);
bool trap_from_user(const struct trap_frame *frame);
/* frame: TRAP_PAGE_FAULT */
struct fault trap_fault(const struct trap_frame *frame);
const char *trap_name(const struct trap_frame *frame);
vaddr_t trap_pc(const struct trap_frame *frame);
/* Registers, control registers, code bytes: whole lines through printk(). */
void trap_print(const struct trap_frame *frame);
/* If the trapped instruction is one of try_load()'s or try_store()'s: makes them return false. */
bool trap_fixup(struct trap_frame *frame, const struct fault *fault);

/* One load, one store at an address of the user's space that may fault; false if it did, *fault
 * filled. Kernel privilege. */
bool try_load(vaddr_t va, u32 *value, struct fault *fault);
bool try_store(vaddr_t va, u32 value, struct fault *fault);

/* Of this CPU's last program interruption. */
u32 program_interruption_code(void);

/* Addresses inside the calls that led here (frame == NULL) or to the frame, whose own address comes
 * first; at most n; stops at the first thing that is not a kernel stack or kernel text. */
unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n);

/* Raises a trap on purpose (fault.trap=): false if the port knows no such name. */
bool trap_raise(const char *name);
extern const char trap_raise_names[]; /* "ud, ..." for messages */

/*
 * Runs user code at pc in the problem state on this CPU, in the loaded address space, with stack
 * pointer sp and arg in the first argument register, interrupts on, until it makes its call or
 * faults beyond repair. Returns false after such a fault (*fault filled), else true with *value
 * from the call.
 */
bool user_run(vaddr_t pc, vaddr_t sp, u32 arg, u32 *value, struct fault *fault);
/* From trap(), frame from user mode: ends user_run(). Do not return. */
_Noreturn void user_leave_call(const struct trap_frame *frame);
_Noreturn void user_leave_fault(const struct fault *fault);

/*
 * A position-independent user program: with arg = address of a word, checks that all registers
 * survive, stores ~(*arg) ... see arch/s390x/user.S for what it returns.
 */
extern const u8 user_program[], user_program_end[];
/* What user_program returns when `word` was in memory, if every register and flag survived. */
u32 user_program_expected(u32 word);
/* A user program that loads from arg and returns the value. */
extern const u8 user_peek[], user_peek_end[];
/* A user program that stores arg at arg. */
extern const u8 user_poke[], user_poke_end[];
