/* SPDX-License-Identifier: MIT */
/*
 * Traps in generic terms, the part of asm/trap.h shared by all ports. A port adds struct
 * trap_frame, and the meaning of the causes there.
 */
#pragma once

#include "kernel/compiler.h"

struct trap_frame;

enum trap_kind {
	TRAP_PAGE_FAULT,
	TRAP_USER_CALL, /* the user program's way back, with a value in a register */
	TRAP_OTHER,
};

#define FAULT_PROTECTION BIT(0) /* the entry was present */
#define FAULT_WRITE	 BIT(1)
#define FAULT_USER	 BIT(2)
#define FAULT_RESERVED	 BIT(3) /* an entry has a forbidden bit set */
#define FAULT_EXEC	 BIT(4)
#define FAULT_LIMIT	 BIT(5) /* beyond the reach of the space, if this has its own cause */

struct fault {
	vaddr_t address; /* of the page, if the hardware tells no more */
	u32 cause;	 /* FAULT_* */
};

enum trap_kind trap_kind(const struct trap_frame *frame);
bool trap_from_user(const struct trap_frame *frame);
/* Call for TRAP_PAGE_FAULT, before anything else could fault on this CPU. */
struct fault trap_fault(const struct trap_frame *frame);
const char *trap_name(const struct trap_frame *frame);
vaddr_t trap_pc(const struct trap_frame *frame);
/* Prints registers, control registers and code bytes as whole lines through printk(). */
void trap_print(const struct trap_frame *frame);
/* If the trapped instruction is one of try_load()'s or try_store()'s, makes them return false. */
bool trap_fixup(struct trap_frame *frame, const struct fault *fault);

/* Does one load or one store at an address of the user's space that may fault, with kernel
 * privilege. Returns false if it did, with *fault filled. */
bool try_load(vaddr_t va, u32 *value, struct fault *fault);
bool try_store(vaddr_t va, u32 value, struct fault *fault);

/* Finds addresses inside the calls that led here (frame == NULL) or to the frame, whose own address
 * comes first. Finds at most n, and stops at an address outside kernel stacks and kernel text. */
unsigned backtrace(const struct trap_frame *frame, vaddr_t *pc, unsigned n);

/* The port's traps for fault.trap=, "ud" among them, ended by a NULL. */
struct planted_trap {
	const char *name;
	void (*raise)(void);
};
extern const struct planted_trap planted_traps[];

/*
 * Runs user code at pc in user mode on this CPU, in the loaded address space, with stack pointer
 * sp, arg in the first argument register, and interrupts on. It ends by its call or by a fault
 * beyond repair. Returns false after such a fault, with *fault filled, else true with *value from
 * the call.
 */
bool user_run(vaddr_t pc, vaddr_t sp, u32 arg, u32 *value, struct fault *fault);
/* Call from trap() with a frame from user mode. Ends user_run(). Do not return. */
_Noreturn void user_leave_call(const struct trap_frame *frame);
_Noreturn void user_leave_fault(const struct fault *fault);

/*
 * A position-independent user program. With the address of a word as arg, it checks that all
 * registers survive, and stores ~(*arg). The port's user.S has the rest and its result.
 */
extern const u8 user_program[], user_program_end[];
/* Returns user_program's result for `word` in memory, if every register and flag survived. */
u32 user_program_expected(u32 word);
