/* SPDX-License-Identifier: MIT */
/*
 * The first code of a secondary CPU. A start-up IPI with vector VV starts it in real mode at
 * VV00:0000 (SDM vol. 3, 9.4.4). So smp.c copies [ap_trampoline, ap_trampoline_end) to a page below
 * 1 MiB and fills in the words that depend on the page's address. The code switches to the boot
 * tables, where the page has its own address, and ends at ap_high.
 *
 * From its fourth instruction on, LIDT, the CPU survives an NMI, because the page has an IDT and a
 * stack. Before that an NMI, which nothing can mask, takes the vector in the firmware's table at 0.
 */
#include "boot/x86/first.h"

#define T(label) ((label) - ap_trampoline)

	.section .rodata
	.balign 16
	.globl ap_trampoline, ap_trampoline_end, ap_trampoline_gdt_base, ap_trampoline_idt_base
	.globl ap_trampoline_target, ap_trampoline_idt, ap_trampoline_nmi32
	.code16
ap_trampoline:
	movw	%cs, %ax
	movw	%ax, %ss		/* no interrupt between this and the next one (6.8.3) */
	movl	$AP_TRAMPOLINE_SIZE, %esp
	lidtl	%cs:T(ap_idtr)
	cli
	cld
	movw	%ax, %ds
	movzwl	%ax, %ebx
	shll	$4, %ebx		/* the address of this page */
	lgdtl	T(ap_gdtr)
	movl	$(CR0_PE | CR0_ET | CR0_NE), %eax	/* INIT keeps CD and NW, so clear them */
	movl	%eax, %cr0
	ljmpl	*T(ap_trampoline_target)

ap_nmi16:
	iretw

	.code32
ap_protected:
	movw	$SEL_KERNEL_DATA, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	leal	AP_TRAMPOLINE_SIZE(%ebx), %esp
	clear_lme			/* INIT may leave EFER as it was */
	movl	boot_cr4 - KERNEL_OFFSET, %eax
	movl	%eax, %cr4
	movl	$(boot_pgd - KERNEL_OFFSET), %eax
	movl	%eax, %cr3
	movl	$CR0_VALUE, %eax
	movl	%eax, %cr0
	movl	$ap_high, %eax
	jmp	*%eax

/* The NMI may have come when protected mode was on and CS was still real mode's, and then there is
 * no way back. The CPU may begin again, because every step to ap_high can be done twice. The IRET
 * lets the next NMI in (SDM vol. 3, 6.7.1). */
ap_trampoline_nmi32:
	call	1f
1:	popl	%ebx
	andl	$~(AP_TRAMPOLINE_SIZE - 1), %ebx
	leal	T(ap_protected)(%ebx), %eax
	pushfl
	pushl	$SEL_KERNEL_CODE
	pushl	%eax
	iret

	.balign 4
	.word	0
ap_gdtr:
	.word	T(ap_trampoline_end) - T(ap_gdt) - 1
ap_trampoline_gdt_base:
	.long	T(ap_gdt)		/* + page */
	.word	0
ap_idtr:
	.word	8 * (VECTOR_NMI + 1) - 1
ap_trampoline_idt_base:
	.long	T(ap_trampoline_idt)	/* + page */
ap_trampoline_target:
	.long	T(ap_protected)		/* + page */
	.word	SEL_KERNEL_CODE
/* One table for both modes, with vector 2 alone. In real mode it is four bytes at 8, in protected
 * mode eight at 16 (SDM vol. 3, 21.1.4 and 6.11). smp.c adds the segment and the offset. */
	.balign 8
ap_trampoline_idt:
	.skip	4 * VECTOR_NMI
	.word	T(ap_nmi16)
	.word	0			/* segment */
	.skip	4
	.word	0			/* offset, low */
	.word	SEL_KERNEL_CODE, GATE_INT
	.word	0			/* offset, high */
	.balign 8
ap_gdt:
	.quad	0
	.quad	0x00cf9a000000ffff	/* code, flat, 32-bit, DPL 0 (SDM vol. 3, 3.4.5) */
	.quad	0x00cf92000000ffff	/* data */
ap_trampoline_end:

/* Runs in the high half, on the boot tables. The CPU finds out its number before it takes a stack,
 * because a late CPU must not take the stack of the one awaited now. All CPUs share the stack for
 * this question, so they take turns. An NMI is ignored here. If it stopped a CPU, this CPU would
 * keep the turn, and later ones would never get theirs. */
	.text
	.globl ap_high, x86_arrival_nmi
ap_high:
	lgdt	x86_park_gdtr
	lidt	x86_arrival_idtr
1:	movl	$1, %eax
	xchgl	%eax, ap_shared_stack_taken
	testl	%eax, %eax
	jz	2f
	pause
	jmp	1b
2:	movl	$ap_shared_stack_top, %esp
	xorl	%ebp, %ebp		/* backtraces end here */
	call	x86_ap_identify
	movl	$x86_park_stack_top, %esp
	testl	%eax, %eax
	jz	3f
	movl	ap_stack_top(, %eax, 4), %esp
3:	movl	$0, ap_shared_stack_taken
	testl	%eax, %eax
	jz	x86_park
	pushl	$0
	pushl	$0
	pushl	$0
	pushl	%eax
	call	x86_ap_start

x86_arrival_nmi:
	iret

	.bss
	.balign 16
	.skip	2048
ap_shared_stack_top:
ap_shared_stack_taken:
	.skip	4

	.section .note.GNU-stack, "", @progbits
