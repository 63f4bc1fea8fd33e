/* SPDX-License-Identifier: MIT */
/* Numbers for assembly and C. cpu.c asserts that they agree with the C structures. */
#pragma once

#define KERNEL_OFFSET 0xc0000000 /* KERNEL_BASE of asm/page.h */

/* Selectors (cpu.c builds one such GDT for each CPU). */
#define SEL_KERNEL_CODE 0x08
#define SEL_KERNEL_DATA 0x10
#define SEL_USER_CODE	0x1b
#define SEL_USER_DATA	0x23
#define SEL_PERCPU	0x28
#define SEL_TSS		0x30
#define SEL_DF_TSS	0x38
#define NR_SEGMENTS	8

/* Flags of a gate (SDM vol. 3, 6.11) for a 32-bit interrupt gate, which clears IF. */
#define GATE_INT 0x8e00

/* Bytes into struct x86_cpu, selected by %fs. */
#define CPU_USER_CONTEXT 8
#define CPU_TSS_ESP0	 20
#define CPU_TSS_EIP	 48
#define CPU_TSS_EBP	 76

/* user_program's answer, see user.S. */
#define USER_PASSED 0x600df00d

/* Loads of user_spin_code in a row. */
#define USER_SPINS 0x1000000
/* From store to store of user_touch_code. */
#define USER_PAGE_SIZE 4096

/* Bytes into struct trap_frame. */
#define FRAME_EIP    52
#define FRAME_POPPED 20 /* from the vector to the end, without a change of privilege */

/* Vectors. 0-31 are the CPU's. Those of the legacy interrupt controllers are strays. */
#define NR_EXCEPTIONS 32

/* Vectors 8, 10-14, 17, 21, 29 and 30 have an error code (SDM vol. 3, table 6-1). */
#define ERROR_CODES ((1 << 8) | (0x1f << 10) | (1 << 17) | (1 << 21) | (1 << 29) | (1 << 30))

#define VECTOR_NMI	 2
#define VECTOR_DF	 8
#define VECTOR_GP	 13
#define VECTOR_PF	 14
#define VECTOR_MC	 18
#define VECTOR_I8259	 0x20 /* 16 of them, see i8259.h */
#define PARK_VECTORS	 32   /* a parked CPU takes no maskable interrupt */
#define VECTOR_USER_CALL 0x80
#define VECTOR_IPI	 0xf0 /* + enum ipi */
#define VECTOR_SPURIOUS	 0xff
#define STUB_SHIFT	 4 /* one entry stub takes 16 bytes */

/* The stacks of one CPU, ascending, are an unmapped page, the double-fault stack, an unmapped page,
 * and the stack. */
#define GUARD_SIZE	 4096
#define DF_STACK_SIZE	 8192
#define STACK_SIZE	 16384
#define STACK_BLOCK_SIZE (GUARD_SIZE + DF_STACK_SIZE + GUARD_SIZE + STACK_SIZE)

/* Secondary CPUs start in this page below 1 MiB. It has the code, and from its end down their
 * stack. */
#define AP_TRAMPOLINE_SIZE 4096
#define AP_TRAMPOLINE_MAX  2048

/* Control registers (SDM vol. 3, 2.5) and EFER (vol. 4, IA32_EFER). */
#define CR0_PE	  0x00000001
#define CR0_ET	  0x00000010
#define CR0_NE	  0x00000020
#define CR0_WP	  0x00010000
#define CR0_PG	  0x80000000
#define CR0_VALUE (CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_PG)
#define CR4_PSE	  0x00000010
#define CR4_PAE	  0x00000020
#define CR4_MCE	  0x00000040
#define MSR_EFER  0xc0000080
#define EFER_LME  0x00000100
#define EFER_NXE  0x00000800

#define CPUID_1_EDX_MCE 0x80
