/* SPDX-License-Identifier: MIT */
/* Into user mode and out again, and the programs that run there. */
#include "arch/s390x/asm_defs.h"

	.text
/* void user_enter(vaddr_t arg, u32 arg2, vaddr_t sp) goes to LC_USER_PSW. Traps from there use the
 * stack below ours. */
	.globl	user_enter
user_enter:
	stmg	%r6, %r15, 48(%r15)
	stg	%r15, LC_USER_CONTEXT
	lgr	%r15, %r4
	.irp	n, 0, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
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
 * u32 user_program(u32 *arg in %r2, u32 ~arg in %r3) loads *arg and stores its complement at
 * arg[1]. Every other register but %r15 is 0 at the beginning. Then each has a known pattern, and
 * the condition code is 2, so that page faults in between must bring all of them back. The value of
 * its call is the word ^ USER_PASSED, or BAD + the number of the lost register (101: one was not 0,
 * 102: the second argument).
 */
#define BAD	0xbad00000
#define PATTERN 0x5a5b5c00

	.balign	4
	.globl	user_program, user_program_end
user_program:
	.irp	n, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
	ogr	%r0, %r\n
	.endr
	llilf	%r0, BAD + 101
	jne	1f
	lgr	%r1, %r2
	xilf	%r1, 0xffffffff
	cr	%r1, %r3
	llilf	%r0, BAD + 102
	jne	1f
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

/* One access each to the word at %r2, with %r3. */
	.balign	4
	.globl	user_code, user_code_end
	.globl	user_load_code, user_store_code, user_xchg_code, user_spin_code, user_touch_code
user_code:
user_load_code:
	l	%r2, 0(%r2)
	svc	0
user_store_code:
	st	%r3, 0(%r2)
	svc	0
user_xchg_code:
	lhi	%r0, 0			/* a guess: COMPARE AND SWAP loads what is there */
1:	cs	%r0, %r3, 0(%r2)
	jne	1b
	lr	%r2, %r0
	svc	0
user_spin_code:
	lgr	%r1, %r2
	llilf	%r4, USER_SPINS
1:	l	%r2, 0(%r1)
	cr	%r2, %r3
	jne	2f
	brct	%r4, 1b
2:	svc	0
user_touch_code:
1:	st	%r3, 0(%r2)
	aghi	%r2, USER_PAGE_SIZE
	brct	%r3, 1b
	svc	0
user_code_end:

	.section .note.GNU-stack, "", @progbits
