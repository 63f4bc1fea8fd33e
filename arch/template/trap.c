/* SPDX-License-Identifier: MIT */
/* Traps, loads and stores that may fault, user mode, and the stacks for all of it. */
#include "arch/template/write_me.h"
#include <asm/stack.h>
#include <asm/trap.h>

WRITE_ME(enum trap_kind, trap_kind, (const struct trap_frame *frame))
WRITE_ME(bool, trap_from_user, (const struct trap_frame *frame))
WRITE_ME(struct fault, trap_fault, (const struct trap_frame *frame))
WRITE_ME(const char *, trap_name, (const struct trap_frame *frame))
WRITE_ME(vaddr_t, trap_pc, (const struct trap_frame *frame))
WRITE_ME(void, trap_print, (const struct trap_frame *frame))
WRITE_ME(bool, trap_fixup, (struct trap_frame *frame, const struct fault *fault))
WRITE_ME(unsigned, backtrace, (const struct trap_frame *frame, vaddr_t *pc, unsigned n))
WRITE_ME(bool, stack_intact, (unsigned cpu))

WRITE_ME(bool, try_load, (vaddr_t va, u32 *value, struct fault *fault))
WRITE_ME(bool, try_store, (vaddr_t va, u32 value, struct fault *fault))

WRITE_ME(bool, user_run,
	 (vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2, u32 *value, struct fault *fault))
WRITE_ME(void, user_leave_call, (const struct trap_frame *frame))
WRITE_ME(void, user_leave_fault, (const struct fault *fault))
WRITE_ME(u32, user_program_expected, (u32 word))

/* Two labels around the program, and those of the routines, in a file user.S. */
const u8 user_program[1], user_program_end[1];
const u8 user_code[1], user_code_end[1];
const u8 user_load_code[1], user_store_code[1], user_xchg_code[1], user_spin_code[1],
	user_touch_code[1];

/* The traps for fault.trap=. */
const struct planted_trap planted_traps[] = {{NULL, NULL}};
