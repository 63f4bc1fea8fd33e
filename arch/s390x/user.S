/* SPDX-License-Identifier: MIT */
/* Into user mode and out again, and the programs that run there. */
#include "arch/s390x/asm_defs.h"

	.text
/* void user_enter(u32 arg, vaddr_t sp) goes to LC_USER_PSW. Traps from there use the stack below
 * ours. */
	.globl	user_enter
user_enter:
	stmg	%r6, %r15, 48(%r15)
	stg	%r15, LC_USER_CONTEXT
	lgr	%r15, %r3
	.irp	n, 0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
	lghi	%r\n, 0			/* no kernel address leaks to the program */
	.endr
	lpswe	LC_USER_PSW

/* void user_resume(void) returns from user_enter() in place of the program, with interrupts off as
 * in a trap. */
	.globl	user_resume
user_resume:
	lg	%r15, LC_USER_CONTEXT
	lmg	%r6, %r15, 48(%r15)
	br	%r14

	.section .rodata
/*
 * u32 user_program(u32 *arg in %r2) loads *arg and stores its complement at arg[1], with a known
 * pattern in every register and the condition code at 2, so that page faults in between must bring
 * all of them back. The value of its call is the word ^ USER_PASSED, or BAD + the number of the
 * lost register.
 */
#define BAD	0xbad00000
#define PATTERN 0x5a5b5c00

	.balign	4
	.globl	user_program, user_program_end
user_program:
	stg	%r2, -8(%r15)			/* faults, because the stack is fresh */
	lgr	%r13, %r15
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14
	llilf	%r\n, PATTERN + \n
	.endr
	llilf	%r1, PATTERN + 1		/* until the load */
	lghi	%r0, 1
	ltgr	%r0, %r0
	l	%r1, 0(%r2)			/* faults, and changes no condition code */
	llilf	%r0, BAD + 100
	jnh	1f
	xilf	%r1, 0xffffffff
	st	%r1, 4(%r2)
	.irp	n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14
	llilf	%r1, PATTERN + \n
	llilf	%r0, BAD + \n
	clgr	%r\n, %r1
	jne	1f
	.endr
	llilf	%r0, BAD + 15
	clgr	%r13, %r15
	jne	1f
	llilf	%r0, BAD + 2
	clg	%r2, -8(%r15)
	jne	1f
	l	%r0, 4(%r2)
	xilf	%r0, 0xffffffff ^ USER_PASSED
1:	lgr	%r2, %r0
	svc	0
user_program_end:

/* u32 user_peek(u32 *arg in %r2) returns *arg. */
	.balign	4
	.globl	user_peek, user_peek_end
user_peek:
	l	%r2, 0(%r2)
	svc	0
user_peek_end:

	.section .note.GNU-stack, "", @progbits
