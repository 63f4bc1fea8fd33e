/* SPDX-License-Identifier: MIT */
/*
 * The first instructions on the boot CPU, at IMAGE_START, with address translation and
 * interruptions off. QEMU takes an image with its entry here for a Linux kernel, and leaves the
 * command line at BOOT_COMMAND.
 */
#include "arch/s390x/asm_defs.h"

	.section .boot, "ax"
	.globl	boot_entry
boot_entry:
	j	1f
	.org	BOOT_MAGIC - IMAGE_START
	.ascii	"S390EP"
	.byte	0, 0
	.org	BOOT_COMMAND - IMAGE_START
	.globl	boot_command
boot_command:
	.fill	BOOT_COMMAND_SIZE, 1, 0

	/* After IPL the machine is in ESA/390 mode, so SIGP must set the architecture. */
1:	lhi	%r1, 1
	lhi	%r2, 0
	sigp	%r1, %r2, 0x12
	sam64
	larl	%r15, boot_stacks
	aghi	%r15, STACK_BLOCK_SIZE - ABI_FRAME
	xc	0(8, %r15), 0(%r15)		/* the end of the back chain */
	brasl	%r14, s390_start
	j	.

	.section .bss.page, "aw", @nobits
	.balign	4096
	.globl	boot_stacks
boot_stacks:
	.skip	STACK_BLOCK_SIZE

	.section .note.GNU-stack, "", @progbits
