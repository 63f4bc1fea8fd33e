/* SPDX-License-Identifier: MIT */
/* Into user mode and out again, and the programs that run there. */
#include "arch/x86/asm_defs.h"

#define EFLAGS_RESERVED 0x002
#define EFLAGS_IF       0x200

	.text
/* void user_enter(vaddr_t pc, vaddr_t sp, u32 arg) */
	.globl user_enter
user_enter:
	pushl	%ebp
	movl	%esp, %ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushfl
	cli
	movl	%esp, %fs:CPU_USER_CONTEXT
	movl	%esp, %fs:CPU_TSS_ESP0	/* traps from user mode push below this */
	movl	8(%ebp), %ecx
	movl	12(%ebp), %edx
	movl	16(%ebp), %eax
	pushl	$SEL_USER_DATA
	pushl	%edx
	pushl	$(EFLAGS_RESERVED | EFLAGS_IF)
	pushl	$SEL_USER_CODE
	pushl	%ecx
	movl	$SEL_USER_DATA, %ecx
	movl	%ecx, %ds
	movl	%ecx, %es
	movl	%ecx, %fs
	xorl	%ebx, %ebx		/* no kernel address leaks to the program */
	xorl	%ecx, %ecx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	iret

/* void user_resume(void) returns from user_enter() in place of the program. trap_entry has loaded
 * the kernel's segments. */
	.globl user_resume
user_resume:
	cli
	movl	%fs:CPU_USER_CONTEXT, %esp
	popfl
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret

	.section .rodata
/*
 * u32 user_program(u32 *arg in %eax) loads *arg and stores its complement at arg[1], with a known
 * pattern in every other register and flag, so that page faults in between must bring all of them
 * back. The value of its call is the word ^ USER_PASSED, or BAD + the number of the lost register.
 */
#define BAD           0xbad00000
#define PATTERN_EBX   0xb1b2b3b4
#define PATTERN_ECX   0xc1c2c3c4	/* until the load */
#define PATTERN_EDX   0xd1d2d3d4
#define PATTERN_ESI   0x51525354
#define PATTERN_EBP   0xe1e2e3e4
#define PATTERN_FLAGS 0xcd5	/* CF PF AF ZF SF DF OF, not IF, as programs cannot change it */

	.macro	expect register, value, number
	cmpl	\value, \register
	movl	$(BAD + \number), %ecx
	jne	user_done
	.endm

	.globl user_program, user_program_end
user_program:
	pushl	%eax			/* arg, for the end */
	movl	$PATTERN_EBX, %ebx
	movl	$PATTERN_ECX, %ecx
	movl	$PATTERN_EDX, %edx
	movl	$PATTERN_ESI, %esi
	movl	$PATTERN_EBP, %ebp
	movl	%esp, %edi
	pushl	$(PATTERN_FLAGS | EFLAGS_RESERVED | EFLAGS_IF)
	popfl
	movl	(%eax), %ecx
	notl	%ecx			/* changes no flag (SDM vol. 2) */
	movl	%ecx, 4(%eax)
	pushfl
	cld
	expect	%ebx, $PATTERN_EBX, 1
	popl	%ebx
	andl	$PATTERN_FLAGS, %ebx
	expect	%ebx, $PATTERN_FLAGS, 2
	expect	%edx, $PATTERN_EDX, 3
	expect	%esi, $PATTERN_ESI, 4
	expect	%ebp, $PATTERN_EBP, 5
	expect	%esp, %edi, 6
	expect	%eax, (%esp), 7
	movl	%ds, %edx
	expect	%edx, $SEL_USER_DATA, 8
	movl	%es, %edx
	expect	%edx, $SEL_USER_DATA, 9
	movl	%fs, %edx
	expect	%edx, $SEL_USER_DATA, 10
	movl	4(%eax), %ecx
	notl	%ecx
	xorl	$USER_PASSED, %ecx
user_done:
	movl	%ecx, %eax
	int	$VECTOR_USER_CALL
user_program_end:

/* u32 user_peek(u32 *arg in %eax) returns *arg. */
	.globl user_peek, user_peek_end
user_peek:
	movl	(%eax), %eax
	int	$VECTOR_USER_CALL
user_peek_end:

/* u32 user_poke(u32 *arg in %eax) stores arg at *arg. */
	.globl user_poke, user_poke_end
user_poke:
	movl	%eax, (%eax)
	int	$VECTOR_USER_CALL
user_poke_end:

	.section .note.GNU-stack, "", @progbits
