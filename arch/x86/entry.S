/* SPDX-License-Identifier: MIT */
/* The way into the kernel by exceptions and interrupts, and back. */
#include "arch/x86/asm_defs.h"

	.text
	.balign 16
	.globl vector_stubs
vector_stubs:
	.set	vector, 0
	.rept	256
	.balign	(1 << STUB_SHIFT)
	.if	vector >= NR_EXCEPTIONS || !((ERROR_CODES >> (vector & 31)) & 1)
	pushl	$0
	.endif
	pushl	$vector
	jmp	trap_entry
	.set	vector, vector + 1
	.endr

/* Pushes struct trap_frame of asm/trap.h, from its end to its start. Segment registers are pushed
 * as words with 16 significant bits. */
trap_entry:
	pushal
	pushl	%ds
	pushl	%es
	pushl	%fs
	movl	$SEL_KERNEL_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	$SEL_PERCPU, %eax
	movl	%eax, %fs
	cld
	movl	%esp, %eax
	/* This frame looks as if the trapped instruction, one byte long, had called us. So
	 * backtraces go through it and name the instruction, because backtrace() looks just before
	 * each return address. */
	movl	FRAME_EIP(%eax), %ecx
	incl	%ecx
	pushl	%ecx
	pushl	%ebp
	movl	%esp, %ebp
	pushl	%eax
	call	x86_trap
	addl	$12, %esp
	popl	%fs
	popl	%es
	popl	%ds
	popal
	addl	$8, %esp
	iret

/* The double-fault task starts here on its own stack, with an error code (always 0) pushed. The
 * task switch left the state of the CPU in the ordinary TSS. */
	.globl double_fault_entry
double_fault_entry:
	clts				/* the switch set CR0.TS (SDM vol. 3, 8.3) */
	movl	%fs:CPU_TSS_EIP, %ecx
	incl	%ecx			/* as in trap_entry */
	pushl	%ecx
	pushl	%fs:CPU_TSS_EBP
	movl	%esp, %ebp
	call	x86_double_fault

/* bool try_load(vaddr_t va, u32 *value, struct fault *fault) does one load. */
	.globl try_load, try_load_access
try_load:
	movl	4(%esp), %edx
try_load_access:
	movl	(%edx), %eax
	movl	8(%esp), %edx
	movl	%eax, (%edx)
	movl	$1, %eax
	ret

/* bool try_store(vaddr_t va, u32 value, struct fault *fault) does one store. */
	.globl try_store, try_store_access
try_store:
	movl	4(%esp), %edx
	movl	8(%esp), %eax
try_store_access:
	movl	%eax, (%edx)
	movl	$1, %eax
	ret

/* trap_fixup() sends both here, with the address and the cause of the struct fault in %eax and
 * %edx. */
	.globl try_failed
try_failed:
	movl	12(%esp), %ecx
	movl	%eax, (%ecx)
	movl	%edx, 4(%ecx)
	xorl	%eax, %eax
	ret

/* bool msr_try_read(u32 msr, u64 *value) does one RDMSR. */
	.globl msr_try_read, msr_try_read_access
msr_try_read:
	movl	4(%esp), %ecx
msr_try_read_access:
	rdmsr
	movl	8(%esp), %ecx
	movl	%eax, (%ecx)
	movl	%edx, 4(%ecx)
	movl	$1, %eax
	ret

/* bool msr_try_write(u32 msr, u64 value) does one WRMSR. */
	.globl msr_try_write, msr_try_write_access
msr_try_write:
	movl	4(%esp), %ecx
	movl	8(%esp), %eax
	movl	12(%esp), %edx
msr_try_write_access:
	wrmsr
	movl	$1, %eax
	ret

/* x86_trap() sends both here if the CPU has no such register. */
	.globl msr_try_failed
msr_try_failed:
	xorl	%eax, %eax
	ret

	.section .note.GNU-stack, "", @progbits
