/* SPDX-License-Identifier: MIT */
/* The numbers shared by assembly and C. cpu.c asserts that they agree with the C structures. */
#pragma once

/* Offsets in bytes into struct mips_cpu. $gp points to it in the kernel. */
#define CPU_KERNEL_SP	  4
#define CPU_USER_CONTEXT  8
#define CPU_BOTTOM	  12
#define CPU_TOP		  16
#define CPU_EMERGENCY_TOP 20

/* Offsets in bytes into struct trap_frame. */
#define FRAME_REG(n)   (16 + 4 * (n))
#define FRAME_HI       144
#define FRAME_LO       148
#define FRAME_STATUS   152
#define FRAME_CAUSE    156
#define FRAME_EPC      160
#define FRAME_BADVADDR 164
#define FRAME_SIZE     168

/* The least room on a stack for a trap's frame and its handler. */
#define STACK_SIZE     16384
#define STACK_MARGIN   1024
#define EMERGENCY_SIZE 4096

/* CP0 registers, as in `mfc0 $k0, C0_STATUS` (MIPS32 volume III, 9). $31 select 2 is KScratch1. In
 * the kernel it holds the same value as $gp. */
#define C0_BADVADDR $8
#define C0_STATUS   $12
#define C0_CAUSE    $13
#define C0_EPC	    $14
#define C0_EBASE    $15, 1
#define C0_THIS_CPU $31, 2

/* Status */
#define ST_IE	    0x00000001
#define ST_EXL	    0x00000002
#define ST_ERL	    0x00000004
#define ST_USER	    0x00000010
#define ST_IM_IRQS  0x00001c00 /* STATUS_IM_IRQS of asm/irq.h */
#define ST_IM_OTHER 0x00002000 /* STATUS_IM_NOWAIT */

/* Cause.ExcCode */
#define EXC_INTERRUPT	  0
#define EXC_MODIFIED	  1
#define EXC_TLB_LOAD	  2
#define EXC_TLB_STORE	  3
#define EXC_ADDRESS_LOAD  4
#define EXC_ADDRESS_STORE 5
#define EXC_BUS_FETCH	  6
#define EXC_BUS_DATA	  7
#define EXC_SYSCALL	  8
#define EXC_NO_READ	  19
#define EXC_NO_EXEC	  20
#define EXC_WATCH	  23
#define EXC_MACHINE_CHECK 24
#define EXC_CACHE_ERROR	  30
#define NR_EXC		  32

/* The answer of user_program, see user.S. */
#define USER_PASSED 0x600df00d

/* Loads of user_spin_code in a row. */
#define USER_SPINS 0x1000000
/* From store to store of user_touch_code. */
#define USER_PAGE_SIZE 4096
