/* SPDX-License-Identifier: MIT */
/*
 * The boot loader's entry in 32-bit protected mode with flat segments, paging and interrupts off
 * (multiboot spec 3.2). A port of another machine has its own entry, as in boot/mips and
 * boot/s390x.
 */
#define MB1_MAGIC 0x1badb002
#define STACK_SIZE 16384

	.section .boot, "ax"

/* Within the first 8 KiB of the file, 4-byte aligned (multiboot spec 3.1). */
	.balign 4
	.long	MB1_MAGIC, 0, -MB1_MAGIC

	.globl boot_entry
boot_entry:
	movl	$boot_stack_end, %esp
	call	template_start

	.section .bss.page, "aw", @nobits
	.balign 4096
	.skip	STACK_SIZE
boot_stack_end:

	.section .note.GNU-stack, "", @progbits
