/* SPDX-License-Identifier: MIT */
/*
 * Parks a CPU this kernel does not use. It has no struct x86_cpu, hence no %fs, no stack and no TSS
 * of its own, so it must never get into vector_stubs. See park.h.
 */
#include "arch/x86/asm_defs.h"

	.text
	.globl x86_park
x86_park:
	cli
	/* Stack and IDT come first, so the CPU survives an NMI from here on. */
	movl	$x86_park_stack_top, %esp
	lidt	x86_park_idtr
	/* The GDT this CPU came with may lie in memory we reuse, and a gate makes the CPU read the
	 * descriptor of its code segment again. */
	lgdt	x86_park_gdtr
	ljmp	$SEL_KERNEL_CODE, $1f
1:	movl	$SEL_KERNEL_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	/* A machine check may go to every CPU at once. Without CR4.MCE it would reset the machine
	 * (SDM vol. 3, 2.5), and the reporting CPU's screen would be lost. */
	movl	$1, %eax
	cpuid
	testl	$CPUID_1_EDX_MCE, %edx
	jz	2f
	movl	%cr4, %eax
	orl	$CR4_MCE, %eax
	movl	%eax, %cr4
2:	hlt
	jmp	2b

	.section .rodata
	.balign	4
	.word	0
	.globl x86_park_idtr, x86_arrival_idtr, x86_park_gdtr
x86_park_idtr:
	.word	PARK_VECTORS * 8 - 1
	.long	x86_park_idt
	.word	0
x86_arrival_idtr:
	.word	PARK_VECTORS * 8 - 1
	.long	x86_arrival_idt
	.word	0
x86_park_gdtr:
	.word	park_gdt_end - park_gdt - 1
	.long	park_gdt
	/* With the accessed bit set, the CPU does not write to the descriptors (SDM vol. 3,
	 * 3.4.5.1). */
	.balign	8
park_gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* SEL_KERNEL_CODE, flat, 32-bit, DPL 0 */
	.quad	0x00cf93000000ffff	/* SEL_KERNEL_DATA */
park_gdt_end:

	/* All parked CPUs share one stack. They may overwrite each other's frames, because nobody
	 * ever reads one. */
	.bss
	.balign	64
	.skip	64
	.globl x86_park_stack_top
x86_park_stack_top:

	.section .note.GNU-stack, "", @progbits
