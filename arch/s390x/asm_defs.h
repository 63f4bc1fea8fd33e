/* SPDX-License-Identifier: MIT */
/* Numbers for assembly and C. cpu.c asserts that they agree with the C structures. */
#pragma once

/* The layout of Linux kernels, which QEMU follows for an image with its entry at IMAGE_START. */
#define IMAGE_START	  0x10000
#define BOOT_MAGIC	  0x10008 /* "S390EP" */
#define BOOT_COMMAND	  0x10480 /* the command line, from the loader */
#define BOOT_COMMAND_SIZE 896

/* The stacks of one CPU, ascending, are an unmapped page, the emergency stack, an unmapped page,
 * and the stack. */
#define GUARD_SIZE	     4096
#define EMERGENCY_STACK_SIZE 8192
#define STACK_SIZE	     16384
#define STACK_BLOCK_SIZE     (GUARD_SIZE + EMERGENCY_STACK_SIZE + GUARD_SIZE + STACK_SIZE)
#define PREFIX_SIZE	     8192

/* A function may be called with this frame below it (ELF ABI supplement for s390x). */
#define ABI_FRAME 160

/* Prefix area, first the assigned storage locations (Principles of Operation, chapter 3), then our
 * own. */
#define LC_EXTERNAL	 0x080 /* parameter, CPU address, code */
#define LC_PROGRAM	 0x08c
#define LC_TRANSLATION	 0x0a8
#define LC_MACHINE_CHECK 0x0e8
#define LC_OLD_PSWS	 0x120 /* 16 bytes each, in the order of enum trap_class */
#define LC_NEW_PSWS	 0x1a0
#define LC_SAVE		 0x200 /* %r8 - %r15, 64 bytes a class */
#define LC_RETURN_PSW	 0x380
#define LC_CPU_ID	 0x390
#define LC_STACK	 0x398 /* lowest address of the stack, and next of the emergency stack */
#define LC_EMERGENCY	 0x3a0
#define LC_USER_CONTEXT	 0x3a8 /* stack pointer of user_run()'s caller, saved by user_enter() */
#define LC_USER_PSW	 0x3b0
#define LC_MARK		 0x3e8
#define LC_STATUS_PSW	 0x1300 /* assigned to STOP AND STORE STATUS */

/* struct trap_frame */
#define FRAME_SIZE	    184
#define FRAME_PSW	    128
#define FRAME_CLASS	    144
#define FRAME_EXTERNAL	    148 /* parameter, CPU address, code, then SVC and program */
#define FRAME_TRANSLATION   168
#define FRAME_MACHINE_CHECK 176

/* user_program's answer, see user.S. */
#define USER_PASSED 0x600df00d

/* Loads of user_spin_code in a row. */
#define USER_SPINS 0x1000000
/* From store to store of user_touch_code. */
#define USER_PAGE_SIZE 4096
