/* SPDX-License-Identifier: MIT */
/*
 * What a secondary CPU runs first. A start-up IPI with vector VV starts it in real mode at
 * VV00:0000 (SDM vol. 3, 9.4.4), so smp.c copies [ap_trampoline, ap_trampoline_end) to a page below
 * 1 MiB and fills in the two words that depend on the page's address. By way of the boot tables,
 * which map the page where it is, it ends at ap_high.
 */
#include "arch/x86/asm_defs.h"

#define T(label) ((label) - ap_trampoline)

	.section .rodata
	.balign 16
	.globl ap_trampoline, ap_trampoline_end, ap_trampoline_gdt_base, ap_trampoline_target
	.code16
ap_trampoline:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	movzwl	%ax, %ebx
	shll	$4, %ebx		/* where this page is */
	lgdtl	T(ap_gdtr)
	movl	$(CR0_PE | CR0_ET | CR0_NE), %eax	/* INIT keeps CR0.CD and NW: clear them */
	movl	%eax, %cr0
	ljmpl	*T(ap_trampoline_target)

	.code32
ap_protected:
	movw	$SEL_KERNEL_DATA, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$(boot_pgd - KERNEL_OFFSET), %eax
	movl	%eax, %cr3
	movl	$CR0_VALUE, %eax
	movl	%eax, %cr0
	movl	$ap_high, %eax
	jmp	*%eax

	.balign 4
	.word	0
ap_gdtr:
	.word	T(ap_trampoline_end) - T(ap_gdt) - 1
ap_trampoline_gdt_base:
	.long	T(ap_gdt)		/* + page */
ap_trampoline_target:
	.long	T(ap_protected)		/* + page */
	.word	SEL_KERNEL_CODE
	.balign 8
ap_gdt:
	.quad	0
	.quad	0x00cf9a000000ffff	/* code: flat, 32-bit, DPL 0 (SDM vol. 3, 3.4.5) */
	.quad	0x00cf92000000ffff	/* data */
ap_trampoline_end:

/* In the high half, on the boot tables. Whoever this CPU is by its own account gets the stack kept for
 * it: one that comes late, when another is awaited, must not take that one's. Its id: CPUID.1:EBX[31:24]
 * (initial APIC id), or with x2APIC all 32 bits of CPUID.0BH:EDX (SDM vol. 3, 11.12.8). */
	.text
	.globl ap_high
ap_high:
	movl	ap_id_leaf, %eax
	xorl	%ecx, %ecx
	cpuid
	cmpl	$1, ap_id_leaf
	jne	1f
	movl	%ebx, %edx
	shrl	$24, %edx
1:	movl	ap_slots, %ecx
2:	decl	%ecx
	js	3f
	cmpl	%edx, ap_id(, %ecx, 4)
	jne	2b
	movl	ap_stack_top(, %ecx, 4), %esp
	testl	%esp, %esp
	jz	3f
	xorl	%ebp, %ebp		/* backtraces end here */
	pushl	$0
	pushl	$0
	pushl	$0
	pushl	%ecx
	call	x86_ap_start
3:	cli
	hlt
	jmp	3b

	.section .note.GNU-stack, "", @progbits
