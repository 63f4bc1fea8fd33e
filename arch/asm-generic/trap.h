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
	TRAP_USER_CALL,	 /* the user program's way back, with a value in a register */
	TRAP_USER_ERROR, /* an instruction that the user program cannot or may not execute */
	TRAP_OTHER,
};

#define FAULT_PROTECTION BIT(0) /* the entry was present */
#define FAULT_WRITE	 BIT(1)
#define FAULT_USER	 BIT(2)
#define FAULT_RESERVED	 BIT(3) /* an entry has a forbidden bit set */
#define FAULT_EXEC	 BIT(4)
#define FAULT_LIMIT	 BIT(5) /* beyond the reach of the space, if this has its own cause */
#define FAULT_ILLEGAL	 BIT(6) /* no access failed, but the instruction there (TRAP_USER_ERROR) */
#define FAULT_BUS	 BIT(7) /* set by mm_fault(), see kernel/hooks/upcalls.h (Linux SIGBUS) */

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
 * sp, arg and arg2 in the first two argument registers, and interrupts on. It ends by its call or
 * by a fault beyond repair. Returns false after such a fault, with *fault filled, else true with
 * *value from the call. Call with interrupts on or off. They stay off until user mode is entered.
 */
bool user_run(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault);
/* Call from trap() or exit_to_user_mode() with a frame from user mode. Ends user_run(). Do not
 * return. */
_Noreturn void user_leave_call(const struct trap_frame *frame);
_Noreturn void user_leave_fault(const struct fault *fault);

/*
 * A position-independent user program. With the address of a word as arg, and ~arg as arg2, it
 * checks that no register has anything of the kernel's and that all registers survive, and stores
 * ~(*arg). The port's user.S has the rest and its result.
 */
extern const u8 user_program[], user_program_end[];
/* Returns user_program's result for `word` in memory, if every register and flag survived. */
u32 user_program_expected(u32 word);

/*
 * Position-independent routines in user_code .. user_code_end, less than half a page and the load
 * first. Each but the last makes one access to the word at arg. It returns by the call: the word
 * that was there, or of a store any value.
 *
 * user_spin_code loads the word, with no pause between two loads, until it is not arg2, and returns
 * it. After USER_SPINS loads it returns arg2.
 *
 * user_touch_code stores any value to the word, and then to the word at the same place of each
 * following page. arg2 is the number of pages, not 0. The model has no such routine.
 */
extern const u8 user_code[], user_code_end[];
extern const u8 user_load_code[], user_store_code[], user_xchg_code[], user_spin_code[],
	user_touch_code[];

/* A port also has two words to execute in user mode: USER_RETURN_WORD makes the call at once, and
 * USER_ILLEGAL_WORD begins with an instruction that no user may execute. */

/* Where the page with these routines is mapped in a space that has it: in user space on every port,
 * and in a table of its own. */
#ifndef USER_CODE /* the spaces of the model are small */
#define USER_CODE ((vaddr_t)0x08000000)
#endif
