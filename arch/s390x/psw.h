/* SPDX-License-Identifier: MIT */
/* The program status word (Principles of Operation, chapter 4) and the control registers. */
#pragma once

#include "kernel/compiler.h"

#define PSW_DAT	     0x0400000000000000ul
#define PSW_EXTERNAL 0x0100000000000000ul
#define PSW_MCHECK   0x0004000000000000ul
#define PSW_WAIT     0x0002000000000000ul
#define PSW_PROBLEM  0x0001000000000000ul
#define PSW_HOME     0x0000c00000000000ul
#define PSW_64	     0x0000000180000000ul
/* The kernel's PSW with interrupts off. */
#define PSW_KERNEL (PSW_DAT | PSW_MCHECK | PSW_64)

/* CR0 permits external interruptions by kind, and more. */
#define CR0_SPACE	  0x0000000004000000ul /* SET ADDRESS SPACE CONTROL may select secondary */
#define CR0_EMERGENCY	  0x0000000000004000ul
#define CR0_EXTERNAL_CALL 0x0000000000002000ul
#define CR0_SERVICE	  0x0000000000000200ul
#define CR0_NOT_OURS	  0x000000000000bdf0ul /* bits 48 to 59 but for emergency and service */
#define CR0_LOW_PROTECTION                                                                         \
	0x0000000010000000ul	     /* no stores to 0-511 and 4096-4607, against null pointers */
#define CR0_IEP 0x0000000000100000ul /* instruction-execution protection */

struct psw {
	u64 mask, address;
} __aligned(8);

#define read_control(n)                                                                            \
	({                                                                                         \
		u64 control_;                                                                      \
		__asm__ __volatile__("stctg " #n "," #n ",%0" : "=S"(control_)::"memory");         \
		control_;                                                                          \
	})
#define write_control(n, value)                                                                    \
	do {                                                                                       \
		u64 new_control_ = (value);                                                        \
		__asm__ __volatile__("lctlg " #n "," #n ",%0" ::"S"(new_control_) : "memory");     \
	} while (0)

static inline _Noreturn void load_psw(struct psw psw)
{
	__asm__ __volatile__("lpswe %0" ::"Q"(psw) : "memory");
	__builtin_unreachable();
}
