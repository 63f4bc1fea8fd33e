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

/* void user_enter(vaddr_t pc, vaddr_t sp, vaddr_t arg, u32 arg2) */
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
	move	$a1, $a3
	mthi	$zero
	mtlo	$zero
	/* Clear the registers, so that no kernel address leaks to the program. */
	.irp	n, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31
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
 * u32 user_program(u32 *arg in $a0, u32 ~arg in $a1) loads *arg and stores its complement at
 * arg[1]. Every other register is 0 at the beginning. Then each holds a known pattern, so page
 * faults in between must bring all of them back. The program calls with the word ^ USER_PASSED, or
 * with BAD + the number of the lost register (34: one was not 0, 35: the second argument).
 */
#define BAD	0xbad00000
#define PATTERN	0x5a000000	/* with the register's number in each byte below */

	.globl	user_program, user_program_end
user_program:
	.irp	n, 1, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 30, 31
	or	$2, $2, $\n
	.endr
	mfhi	$8
	or	$2, $2, $8
	mflo	$8
	or	$2, $2, $8
	bnez	$2, user_lost
	li	$2, 34
	nor	$8, $4, $zero
	bne	$8, $5, user_lost
	li	$2, 35
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

/* One access each to the word at $a0, with $a1. The exchange has full order, as on other ports. */
	.globl	user_code, user_code_end
	.globl	user_load_code, user_store_code, user_xchg_code, user_spin_code, user_touch_code
user_code:
user_load_code:
	lw	$2, 0($4)
	syscall
user_store_code:
	sw	$5, 0($4)
	syscall
user_xchg_code:
	sync
1:	ll	$2, 0($4)
	move	$8, $5
	sc	$8, 0($4)
	beqz	$8, 1b
	nop
	sync
	syscall
user_spin_code:
	li	$8, USER_SPINS
1:	lw	$2, 0($4)
	bne	$2, $5, 2f
	addiu	$8, $8, -1
	bnez	$8, 1b
	nop
2:	syscall
user_touch_code:
1:	sw	$5, 0($4)
	addiu	$5, $5, -1
	bnez	$5, 1b
	addiu	$4, $4, USER_PAGE_SIZE
	syscall
user_code_end:
