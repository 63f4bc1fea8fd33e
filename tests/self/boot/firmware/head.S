/* SPDX-License-Identifier: MIT */
/* Where QEMU starts this kernel, and where it starts the other CPUs. */

#define MB1_MAGIC 0x1badb002
#define MB1_FLAGS 0x00000003	/* modules on page boundaries, memory information wanted */
#define AP_STACK_SHIFT 11
#define AP_MAX 64

#define A(label) (ap_start_page + ((label) - ap_start))

	.section .head, "ax"
	.balign 4
	.long MB1_MAGIC, MB1_FLAGS, -(MB1_MAGIC + MB1_FLAGS)

	.globl firmware_start
firmware_start:
	cli
	cld
	movl	$boot_stack_top, %esp
	xorl	%ebp, %ebp
	pushl	$0
	pushl	$0
	pushl	%ebx
	pushl	%eax
	call	firmware_main
1:	hlt
	jmp	1b

/* cpus.c copies [ap_start, ap_start_end) to ap_start_page, in real mode's reach. */
	.globl ap_start, ap_start_end
	.code16
ap_start:
	cli
	xorw	%ax, %ax
	movw	%ax, %ds
	lgdtl	A(ap_gdtr)
	movl	$0x11, %eax		/* PE and ET; caches on */
	movl	%eax, %cr0
	ljmpl	$8, $ap_protected
	.balign 4
	.word	0
ap_gdtr:
	.word	23
	.long	ap_gdt
ap_start_end:

	.text
	.code32
ap_protected:
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$1, %eax
	lock xaddl %eax, ap_count
	cmpl	$AP_MAX, %eax
	jae	2f
	incl	%eax
	shll	$AP_STACK_SHIFT, %eax
	leal	ap_stacks(%eax), %esp
	xorl	%ebp, %ebp
	call	secondary_main
2:	cli
	hlt
	jmp	2b

	.section .rodata
	.balign 8
ap_gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* code: flat, 32-bit (SDM vol. 3, 3.4.5) */
	.quad	0x00cf93000000ffff	/* data */

	.bss
	.balign 16
ap_count:
	.skip	16
ap_stacks:
	.skip	AP_MAX << AP_STACK_SHIFT
	.skip	16384
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
