/* SPDX-License-Identifier: MIT */
/*
 * The first steps of a CPU in protected mode without paging. The boot CPU gives a sign of life, in
 * case it is the last. Every CPU clears EFER.LME, in case a loader left it set. Other CPUs give no
 * sign, because it could come in front of any line of the log. The boot CPU names the silent ones.
 */
#pragma once

#include "arch/x86/asm_defs.h"

#define COM1 0x3f8
#define LINE_STATUS 5
#define UART_READY 0x20			/* holding register empty */
#define UART_POLLS 100000
#define VGA_TEXT 0xb8000		/* 25 rows of 80 cells, each a character and its colours */
#define VGA_ROW 160
#define MARK '#'
#define MARK_CELL (0x1f00 | MARK)	/* white on blue */

#define CPUID_NX_LM 0x20100000		/* of leaf 80000001h, EDX, says EFER has NXE or LME */
#define EXTENDED_LEAVES 0x80000000

/* Sends the mark on COM1, behind the loader's last byte. Nobody asks whether there is a port. The
 * console's first byte ends its line. Changes AL, DX and ECX. */
	.macro	send_mark
	movw	$(COM1 + LINE_STATUS), %dx
	movl	$UART_POLLS, %ecx
1:	inb	%dx, %al
	testb	$UART_READY, %al
	loopz	1b
	movw	$COM1, %dx
	movb	$MARK, %al
	outb	%al, %dx
	.endm

/* A loader in long mode may have left EFER.LME set. Then paging would begin in long mode, with
 * other tables (SDM vol. 3, 4.1.1). Without extended leaves, CPUID may answer anything for one.
 * Changes EAX, EBX, ECX and EDX. */
	.macro	clear_lme
	movl	$EXTENDED_LEAVES, %eax
	cpuid
	subl	$(EXTENDED_LEAVES + 1), %eax
	cmpl	$0xffff, %eax
	ja	1f
	movl	$(EXTENDED_LEAVES + 1), %eax
	cpuid
	testl	$CPUID_NX_LM, %edx
	jz	1f
	movl	$MSR_EFER, %ecx
	rdmsr
	testl	$EFER_LME, %eax
	jz	1f
	andl	$~EFER_LME, %eax
	wrmsr
1:
	.endm
