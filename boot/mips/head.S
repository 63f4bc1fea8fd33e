/* SPDX-License-Identifier: MIT */
/*
 * The boot loader's entry, in KSEG0, with translation by segments, with the caches as the firmware
 * left them, and with a0 to a3 as YAMON passes them to applications. Secondary CPUs enter below,
 * from reset.
 */
#include "arch/mips/asm_defs.h"

	.set	noreorder
	.text
	.globl	boot_entry
boot_entry:
	mtc0	$zero, C0_CAUSE
	li	$t0, ST_EXL		/* no BEV, no ERL, all interrupts off */
	mtc0	$t0, C0_STATUS
	ehb
	la	$t0, __bss_start
	la	$t1, __bss_end
1:	beq	$t0, $t1, 2f
	nop
	sw	$zero, 0($t0)
	b	1b
	addiu	$t0, $t0, 4
2:	la	$gp, mips_cpus
	mtc0	$gp, C0_THIS_CPU
	la	$sp, boot_stacks + EMERGENCY_SIZE + STACK_SIZE - 16
	move	$fp, $zero
	jal	mips_start
	move	$ra, $zero		/* backtraces end here */
3:	wait
	b	3b
	nop

/* The coherence manager wants a page's address. A CPU knows its number and finds its struct
 * mips_cpu by it. An unexpected CPU sleeps. */
	.balign	4096
	.globl	mips_ap_entry
mips_ap_entry:
	li	$t0, ST_EXL
	mtc0	$t0, C0_STATUS
	mtc0	$zero, C0_CAUSE
	ehb
	mfc0	$t0, C0_EBASE
	andi	$t0, $t0, 0x3ff
	sltiu	$t1, $t0, 32		/* MAX_CPUS */
	beqz	$t1, 4f
	sll	$t0, $t0, 2
	la	$t1, mips_ap_cpu
	addu	$t0, $t0, $t1
	lw	$gp, 0($t0)
	beqz	$gp, 4f
	nop
	mtc0	$gp, C0_THIS_CPU
	ehb
	lw	$sp, CPU_TOP($gp)
	addiu	$sp, $sp, -16
	move	$fp, $zero
	jal	mips_ap_start
	move	$ra, $zero
4:	wait
	b	4b
	nop

	.section .bss.page, "aw", @nobits
	.balign	4096
	.globl	boot_stacks
boot_stacks:
	.skip	EMERGENCY_SIZE + STACK_SIZE
