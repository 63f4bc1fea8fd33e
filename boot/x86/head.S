/* SPDX-License-Identifier: MIT */
/*
 * The boot loader's entry in 32-bit protected mode with flat segments, paging and interrupts off.
 * EAX has the loader's magic number, and EBX the physical address of its information (multiboot
 * spec 3.2, multiboot2 spec 3.3). Builds throw-away tables of 2 MiB pages and jumps to the high
 * half.
 */
#include "boot/x86/first.h"

#define MB1_MAGIC 0x1badb002
#define MB1_FLAGS 0x00000003	/* modules on page boundaries, memory information wanted */
#define MB2_MAGIC 0xe85250d6
#define MB1_BOOT_MAGIC 0x2badb002	/* in EAX */
#define BOOT_OPTIONS_MAX 1024
#define CPUID_PAE_CMOV 0x8040
#define CPUID_PSE 8
#define ERROR_COLOURS 0x4f00

	.section .boot.headers, "ax"

/* The header must be within the first 8 KiB of the file, 4-byte aligned (multiboot spec 3.1). */
	.balign 4
	.long MB1_MAGIC, MB1_FLAGS, -(MB1_MAGIC + MB1_FLAGS)

/* The header must be within the first 32 KiB, 8-byte aligned (multiboot2 spec 3.1). */
	.balign 8
mb2_header:
	.long MB2_MAGIC, 0, mb2_end - mb2_header, -(MB2_MAGIC + (mb2_end - mb2_header))
	.short 0, 0
	.long 8				/* no tags but the last */
mb2_end:

	.section .boot, "ax"
	.code32
	.globl boot_entry
boot_entry:
	cli
	cld
	movl	%eax, %esi

	/* A sign of life comes first, in case it is the last. It is a mark in the corner of the
	 * text screen, and on COM1 behind the loader's last byte. Nobody asks whether the screen or
	 * the port is there. */
	movw	$MARK_CELL, VGA_TEXT
	send_mark

	movl	$(boot_stacks + STACK_BLOCK_SIZE - KERNEL_OFFSET), %esp
	movl	%ebx, %edi

	/* Without PAE the kernel proper cannot even be reached, and the compiler uses CMOV
	 * everywhere. CPUID.1:EDX[6] and [15] stand for them. There is a CPUID if EFLAGS.ID can be
	 * flipped (SDM vol. 1, 20.1.2). */
	pushfl
	popl	%eax
	movl	%eax, %ecx
	xorl	$0x200000, %eax
	pushl	%eax
	popfl
	pushfl
	popl	%eax
	xorl	%ecx, %eax
	testl	$0x200000, %eax
	jz	boot_old_cpu
	movl	$1, %eax
	cpuid
	andl	$CPUID_PAE_CMOV, %edx
	cmpl	$CPUID_PAE_CMOV, %edx
	jne	boot_old_cpu

	/* The tables have pages of 2 MiB. With PAE the manual does not ask for PSE (SDM vol. 3,
	 * 4.1.1), but one emulator does (F-007). CPUID.1:EDX[3] is CR4[4]. */
	movl	$1, %eax
	cpuid
	andl	$CPUID_PSE, %edx
	leal	CR4_PAE(, %edx, 2), %eax
	movl	%eax, boot_cr4 - KERNEL_OFFSET

	clear_lme

	/* 512 present, writable, large pages of 2 MiB. */
	movl	$(boot_pmd - KERNEL_OFFSET), %ebx
	movl	$0x83, %eax
	xorl	%ecx, %ecx
1:	movl	%eax, (%ebx, %ecx, 8)
	addl	$0x200000, %eax
	incl	%ecx
	cmpl	$512, %ecx
	jne	1b

	/* Maps the first GiB twice, at its own address and at KERNEL_BASE. */
	orl	$1, %ebx
	movl	%ebx, boot_pgd - KERNEL_OFFSET
	movl	%ebx, boot_pgd - KERNEL_OFFSET + 24

	movl	boot_cr4 - KERNEL_OFFSET, %eax
	movl	%eax, %cr4
	movl	$(boot_pgd - KERNEL_OFFSET), %eax
	movl	%eax, %cr3
	movl	$CR0_VALUE, %eax
	movl	%eax, %cr0
	movl	$boot_high, %eax
	jmp	*%eax

/* There is no way to panic() yet, so the message goes to the text screen, below its first row, and
 * to COM1. Stores to a missing screen are lost, or change an invisible one. A multiboot1 command
 * line (flags bit 2, spec 3.3), such as QEMU -kernel's, may have the option to leave the machine.
 * Without it the CPU stops. */
boot_old_cpu:
	xorl	%ebp, %ebp		/* the command line, if any */
	cmpl	$MB1_BOOT_MAGIC, %esi
	jne	1f
	testl	$4, (%edi)
	jz	1f
	movl	16(%edi), %ebp
1:	movl	$(VGA_TEXT + VGA_ROW), %edi
	movw	$(ERROR_COLOURS | ' '), %ax
	movl	$(24 * 80), %ecx
	rep	stosw
	movl	$VGA_TEXT, %ebx		/* the start of the row */
	movl	$boot_message, %esi
1:	lodsb
	testb	%al, %al
	jz	3f
	cmpb	$'\n', %al
	je	4f
	stosb
	incl	%edi
	jmp	5f
4:	addl	$VGA_ROW, %ebx
	movl	%ebx, %edi
5:	movb	%al, %ah
	movl	$UART_POLLS, %ecx
	movw	$(COM1 + LINE_STATUS), %dx
2:	inb	%dx, %al
	testb	$UART_READY, %al
	loopz	2b
	movw	$COM1, %dx
	movb	%ah, %al
	outb	%al, %dx
	jmp	1b
3:	testl	%ebp, %ebp
	jz	5f
	movl	$BOOT_OPTIONS_MAX, %edx
4:	movl	%ebp, %esi
	movl	$boot_exit_option, %edi
	movl	$(boot_exit_option_end - boot_exit_option), %ecx
	repe	cmpsb
	je	6f
	cmpb	$0, (%ebp)
	je	5f
	incl	%ebp
	decl	%edx
	jnz	4b
5:	cli
	hlt
	jmp	5b
6:	movb	$7, %al			/* RUN_CANNOT_START of kernel/finish.h */
	outb	%al, $0xf4		/* isa-debug-exit, see exit.c */
	jmp	5b

boot_exit_option:
	.ascii	"exit=isa-debug"
boot_exit_option_end:
boot_message:
	.ascii	"\nTAP version 13\nBail out! this CPU lacks PAE or CMOV (CPUID leaf 1, EDX bits 6 and 15)\n"
	.asciz	"# ev=done status=cannot_start passed=0 failed=0 skipped=0 known=0 seconds=0\n"

	.text
boot_high:
	addl	$KERNEL_OFFSET, %esp
	xorl	%ebp, %ebp		/* backtraces end here */
	pushl	$0
	pushl	$0
	pushl	%edi
	pushl	%esi
	call	x86_start
1:	cli
	hlt
	jmp	1b

	.section .bss.page, "aw", @nobits
	.balign 4096
	.globl boot_stacks, boot_pgd, boot_cr4
boot_stacks:
	.skip	STACK_BLOCK_SIZE
boot_pmd:
	.skip	4096
boot_pgd:
	.skip	32
boot_cr4:				/* CR4 at the start of paging */
	.skip	4

	.section .note.GNU-stack, "", @progbits
