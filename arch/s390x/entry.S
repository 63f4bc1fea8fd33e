/* SPDX-License-Identifier: MIT */
/* Leads from the new PSWs to s390_trap() and back. */
#include "arch/s390x/asm_defs.h"

	.text
	.macro	interruption name, class
	.globl	\name
\name:
	stmg	%r8, %r15, LC_SAVE + 64 * \class
	lmg	%r8, %r9, LC_OLD_PSWS + 16 * \class
	lghi	%r10, \class
	lghi	%r11, LC_SAVE + 64 * \class
	j	trap_entry
	.endm

	interruption entry_restart, 0
	interruption entry_external, 1
	interruption entry_svc, 2
	interruption entry_program, 3
	interruption entry_machine_check, 4
	interruption entry_io, 5

	.globl	entry_restart_mark
entry_restart_mark:
	asi	LC_MARK, 1
	lpswe	LC_OLD_PSWS			/* of a restart */

/*
 * %r8 and %r9 are the old PSW, %r10 is the class, and %r11 points to the saved %r8 - %r15. The
 * frame goes below the interrupted stack pointer, and from user mode below user_enter()'s. If there
 * is no room (a stack overrun, or a wild stack pointer) it goes to the top of the emergency stack.
 */
#define ROOM (ABI_FRAME + FRAME_SIZE + 512)
trap_entry:
	tmhh	%r8, 1				/* problem state */
	jz	1f
	lg	%r15, LC_USER_CONTEXT
1:	lgr	%r12, %r15
	slg	%r12, LC_STACK
	aghi	%r12, -ROOM
	clgfi	%r12, STACK_SIZE - ROOM
	jle	2f
	lgr	%r12, %r15
	slg	%r12, LC_EMERGENCY
	aghi	%r12, -ROOM
	clgfi	%r12, EMERGENCY_STACK_SIZE - ROOM
	jle	2f
	lg	%r15, LC_EMERGENCY
	aghi	%r15, EMERGENCY_STACK_SIZE
2:	nill	%r15, 0xfff8
	aghi	%r15, -(ABI_FRAME + FRAME_SIZE)
	la	%r14, ABI_FRAME(%r15)
	stmg	%r0, %r7, 0(%r14)
	mvc	64(64, %r14), 0(%r11)
	stmg	%r8, %r9, FRAME_PSW(%r14)
	st	%r10, FRAME_CLASS(%r14)
	mvc	FRAME_EXTERNAL(16, %r14), LC_EXTERNAL
	mvc	FRAME_TRANSLATION(8, %r14), LC_TRANSLATION
	mvc	FRAME_MACHINE_CHECK(8, %r14), LC_MACHINE_CHECK
	mvc	0(8, %r15), 120(%r14)		/* back chain, the interrupted stack pointer */
	lgr	%r2, %r14
	brasl	%r14, s390_trap
	la	%r2, ABI_FRAME(%r15)
	mvc	LC_RETURN_PSW(16), FRAME_PSW(%r2)
	lmg	%r0, %r15, 0(%r2)
	lpswe	LC_RETURN_PSW

/* A starting CPU finds its stack in its prefix area. */
	.globl	ap_entry
ap_entry:
	lg	%r15, LC_STACK
	aghi	%r15, STACK_SIZE - ABI_FRAME
	xc	0(8, %r15), 0(%r15)		/* the end of the back chain */
	brasl	%r14, s390_ap_start
	j	.

/*
 * u64 try_load_asm(vaddr_t va, u32 *value), u64 try_store_asm(vaddr_t va, u32 value)
 *
 * Return 1, or 0 if the access faulted. Code in .text.try may fault. Then trap_fixup() goes on at
 * try_failed, which returns 0 to the caller, by %r14. In secondary-space mode data is the user's
 * and instructions are ours (Principles of Operation, chapter 3, "Address-Space Control").
 */
	.section .text.try, "ax"
	.globl	try_load_asm, try_store_asm
try_load_asm:
	sacf	256
	l	%r0, 0(%r2)
	sacf	0
	st	%r0, 0(%r3)
	lghi	%r2, 1
	br	%r14
try_store_asm:
	sacf	256
	st	%r3, 0(%r2)
	sacf	0
	lghi	%r2, 1
	br	%r14

	.text
	.globl	try_failed
try_failed:
	sacf	0
	lghi	%r2, 0
	br	%r14

/* void cpu_idle(void) waits until the handler of an interruption clears PSW_WAIT. */
	.globl	cpu_idle
cpu_idle:
	larl	%r1, idle_psw
	lpswe	0(%r1)
idle_done:
	br	%r14
	.globl	idle_done

	.section .rodata
	.balign	8
idle_psw:
	.quad	0x0506000180000000, idle_done /* DAT, external, machine check, wait */

	.section .note.GNU-stack, "", @progbits
