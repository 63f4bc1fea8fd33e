/* SPDX-License-Identifier: MIT */
/* Into user mode and out again, and the programs that run there. */
#include "arch/mips/asm_defs.h"

	.set	noreorder
	.set	noat
	.text

/* user_enter() must keep these for the compiler. They are $s0 to $s7, $fp, $ra, and Status. */
#define CONTEXT_REG(n) (4 * ((n) - 16))
#define CONTEXT_STATUS 64
#define CONTEXT_SIZE   72

/* void user_enter(vaddr_t pc, vaddr_t sp, u32 arg) */
	.globl	user_enter
user_enter:
	addiu	$sp, $sp, -CONTEXT_SIZE
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 30, 31
	sw	$\n, CONTEXT_REG(\n)($sp)
	.endr
	mfc0	$t0, C0_STATUS
	sw	$t0, CONTEXT_STATUS($sp)
	di
	ehb
	sw	$sp, CPU_USER_CONTEXT($gp)
	sw	$sp, CPU_KERNEL_SP($gp)	/* traps from user mode push below this */
	ori	$t0, $t0, ST_IE | ST_EXL | ST_USER | ST_IM_IRQS | ST_IM_OTHER
	mtc0	$t0, C0_STATUS
	mtc0	$a0, C0_EPC
	move	$sp, $a1
	move	$a0, $a2
	mthi	$zero
	mtlo	$zero
	/* Clear the registers, so that no kernel address leaks to the program. */
	.irp	n, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31
	move	$\n, $zero
	.endr
	ehb
	eret

/* void user_resume(void) returns in place of user_enter(). Interrupts may come in between, because
 * they find the kernel's stack at every step. */
	.globl	user_resume
user_resume:
	lw	$sp, CPU_USER_CONTEXT($gp)
	lw	$t0, CONTEXT_STATUS($sp)
	lw	$t1, CPU_TOP($gp)
	sw	$t1, CPU_KERNEL_SP($gp)
	.irp	n, 16, 17, 18, 19, 20, 21, 22, 23, 30, 31
	lw	$\n, CONTEXT_REG(\n)($sp)
	.endr
	mtc0	$t0, C0_STATUS
	ehb
	jr	$ra
	addiu	$sp, $sp, CONTEXT_SIZE

	.section .rodata
	.balign	4
/*
 * u32 user_program(u32 *arg in $a0) loads *arg and stores its complement at arg[1]. Every other
 * register holds a known pattern, so page faults in between must bring all of them back. The
 * program calls with the word ^ USER_PASSED, or with BAD + the number of the lost register.
 */
#define BAD	0xbad00000
#define PATTERN	0x5a000000	/* with the register's number in each byte below */

	.globl	user_program, user_program_end
user_program:
	.irp	n, 1, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	li	$\n, PATTERN + 0x10101 * \n
	.endr
	mthi	$5
	mtlo	$6
	lw	$2, 0($4)
	nor	$2, $2, $zero
	sw	$2, 4($4)
	.irp	n, 1, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	li	$8, PATTERN + 0x10101 * \n
	bne	$\n, $8, user_lost
	li	$2, \n
	.endr
	mfhi	$8
	bne	$8, $5, user_lost
	li	$2, 32
	mflo	$8
	bne	$8, $6, user_lost
	li	$2, 33
	lw	$2, 4($4)
	nor	$2, $2, $zero
	li	$8, USER_PASSED
	xor	$2, $2, $8
	syscall
user_lost:
	li	$8, BAD
	or	$2, $2, $8
	syscall
user_program_end:

/* u32 user_peek(u32 *arg in $a0) returns *arg. */
	.globl	user_peek, user_peek_end
user_peek:
	lw	$2, 0($4)
	syscall
user_peek_end:
