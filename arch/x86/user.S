/* SPDX-License-Identifier: MIT */
/* Into user mode and out again, and the programs that run there. */
#include "arch/x86/asm_defs.h"

#define EFLAGS_RESERVED 0x002
#define EFLAGS_IF       0x200

	.text
/* void user_enter(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2) */
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
	movl	12(%ebp), %ebx
	movl	16(%ebp), %eax
	movl	20(%ebp), %edx
	pushl	$SEL_USER_DATA
	pushl	%ebx
	pushl	$(EFLAGS_RESERVED | EFLAGS_IF)
	pushl	$SEL_USER_CODE
	pushl	%ecx
	movl	$SEL_USER_DATA, %ecx
	movl	%ecx, %ds
	movl	%ecx, %es
	movl	%ecx, %fs
	xorl	%ebx, %ebx		/* no kernel address leaks to the program */
	xorl	%ecx, %ecx
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
 * u32 user_program(u32 *arg in %eax, u32 ~arg in %edx) loads *arg and stores its complement at
 * arg[1], with a known pattern in every other register and flag, so that page faults in between
 * must bring all of them back. All but the arguments and the stack pointer are 0 at the beginning.
 * The value of its call is the word ^ USER_PASSED, or BAD + the number of the lost register (11: one
 * was not 0, 12: the second argument).
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
	orl	%ecx, %ebx
	orl	%esi, %ebx
	orl	%edi, %ebx
	orl	%ebp, %ebx
	movl	$(BAD + 11), %ecx
	jnz	user_done
	notl	%edx
	expect	%edx, %eax, 12
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

/* One access each to the word at %eax, with %edx. */
	.globl user_code, user_code_end
	.globl user_load_code, user_store_code, user_xchg_code, user_spin_code, user_touch_code
user_code:
user_load_code:
	movl	(%eax), %eax
	int	$VECTOR_USER_CALL
user_store_code:
	movl	%edx, (%eax)
	int	$VECTOR_USER_CALL
user_xchg_code:
	xchgl	%edx, (%eax)
	movl	%edx, %eax
	int	$VECTOR_USER_CALL
user_spin_code:
	movl	%eax, %ebx
	movl	$USER_SPINS, %ecx
1:	movl	(%ebx), %eax
	cmpl	%edx, %eax
	jne	2f
	decl	%ecx
	jnz	1b
2:	int	$VECTOR_USER_CALL
user_touch_code:
1:	movl	%edx, (%eax)
	addl	$USER_PAGE_SIZE, %eax
	decl	%edx
	jnz	1b
	int	$VECTOR_USER_CALL
user_code_end:

	.section .note.GNU-stack, "", @progbits
