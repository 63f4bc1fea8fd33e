/* SPDX-License-Identifier: MIT */
/* Functions of a few instructions that C has no words for. */
#include "arch/mips/asm_defs.h"

	.set	noreorder
	.text

/* void mips_this_place(vaddr_t *pc, vaddr_t *sp) */
	.globl	mips_this_place
mips_this_place:
	sw	$ra, 0($a0)
	jr	$ra
	sw	$sp, 0($a1)

/* void mips_uhi_exit(u32 status) calls operation 1, exit, of the Unified Hosting Interface
 * (MD01069). The operation's number is in $25, the argument in $a0. Returns if nobody serves it. */
	.globl	mips_uhi_exit
mips_uhi_exit:
	li	$25, 1
	sdbbp	1
	jr	$ra
	nop

/* void mips_store64(volatile void *at, u32 low, u32 high) stores 64 bits at once. Only the
 * coprocessor has such a store, so it must be usable (Status.CU1, Status.FR). $f0 is lost. */
	.set	hardfloat
	.globl	mips_store64
mips_store64:
	mtc1	$a1, $f0
	mthc1	$a2, $f0
	jr	$ra
	sdc1	$f0, 0($a0)
