/* SPDX-License-Identifier: MIT */
/* The way into the kernel by exceptions and interrupts, and back. */
#include "arch/mips/asm_defs.h"

	.set	noreorder
	.set	noat
	.text

/* The page for EBase. The offsets of the vectors are the architecture's (MIPS32 volume III, 6.2.2).
 * All vectors lead to one entry, because Cause gives the reason, and a probe tells a TLB miss from
 * an invalid entry. .org fills with 0, a NOP, so each branch has its delay slot. */
	.balign	4096
	.globl	mips_vectors
mips_vectors:
	b	mips_entry		/* TLB refill */
	.org	0x100
	b	mips_entry		/* cache error */
	.org	0x180
	b	mips_entry		/* everything else */
	.org	0x200

mips_entry:
	mfc0	$k1, C0_THIS_CPU
	mfc0	$k0, C0_STATUS
	andi	$k0, $k0, ST_USER
	bnez	$k0, from_user
	lw	$k0, CPU_BOTTOM($k1)
	/*
	 * Is there room for the trap on this CPU's stack? The comparison is unsigned, so it also
	 * finds a stack pointer far above the stack.
	 */
	subu	$k0, $sp, $k0
	addiu	$k0, $k0, -STACK_MARGIN
	sltiu	$k0, $k0, STACK_SIZE - STACK_MARGIN + 1
	bnez	$k0, save
	move	$k0, $sp
	b	save
	lw	$sp, CPU_EMERGENCY_TOP($k1)
from_user:
	move	$k0, $sp
	lw	$sp, CPU_KERNEL_SP($k1)
save:
	addiu	$sp, $sp, -FRAME_SIZE
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	sw	$\n, FRAME_REG(\n)($sp)
	.endr
	sw	$k0, FRAME_REG(29)($sp)
	mfhi	$t0
	mflo	$t1
	sw	$t0, FRAME_HI($sp)
	sw	$t1, FRAME_LO($sp)
	mfc0	$t0, C0_STATUS
	mfc0	$t1, C0_CAUSE
	mfc0	$t2, C0_EPC
	mfc0	$t3, C0_BADVADDR
	sw	$t0, FRAME_STATUS($sp)
	sw	$t1, FRAME_CAUSE($sp)
	sw	$t2, FRAME_EPC($sp)
	sw	$t3, FRAME_BADVADDR($sp)
	move	$gp, $k1
	/* Leave the exception level for kernel mode, with all interrupts off. */
	li	$t1, ~(ST_IE | ST_EXL | ST_ERL | ST_USER | ST_IM_IRQS)
	and	$t0, $t0, $t1
	mtc0	$t0, C0_STATUS
	ehb
	jal	mips_trap
	move	$a0, $sp
	.globl	mips_trap_return
mips_trap_return:
	lw	$t0, FRAME_STATUS($sp)	/* as read above, with EXL, which keeps interrupts out */
	lw	$t1, FRAME_EPC($sp)
	mtc0	$t0, C0_STATUS
	ehb
	mtc0	$t1, C0_EPC
	lw	$t0, FRAME_HI($sp)
	lw	$t1, FRAME_LO($sp)
	mthi	$t0
	mtlo	$t1
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	lw	$\n, FRAME_REG(\n)($sp)
	.endr
	lw	$sp, FRAME_REG(29)($sp)
	ehb
	eret

/* Called with interrupts off. Turns on the bits given and sleeps. If an interrupt comes in between,
 * trap.c moves its return address to the end. */
	.globl	cpu_idle, mips_idle, mips_idle_start, mips_idle_end
cpu_idle:
	li	$a0, ST_IM_IRQS
/* void mips_idle(u32 lines) turns these interrupts on. */
mips_idle:
	mfc0	$t0, C0_STATUS
	or	$t0, $t0, $a0
	mtc0	$t0, C0_STATUS
mips_idle_start:
	ehb
	wait
mips_idle_end:
	jr	$ra
	nop

/* bool try_load(vaddr_t va, u32 *value, struct fault *fault) does one load. */
	.globl	try_load, try_load_access
try_load:
try_load_access:
	lw	$t0, 0($a0)
	sw	$t0, 0($a1)
	jr	$ra
	li	$v0, 1

/* bool try_store(vaddr_t va, u32 value, struct fault *fault) does one store. */
	.globl	try_store, try_store_access
try_store:
try_store_access:
	sw	$a1, 0($a0)
	jr	$ra
	li	$v0, 1

/* trap_fixup() sends both here, with the struct fault {address, cause} in $v0 and $v1. */
	.globl	try_failed
try_failed:
	sw	$v0, 0($a2)
	sw	$v1, 4($a2)
	jr	$ra
	li	$v0, 0
