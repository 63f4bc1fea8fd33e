/* SPDX-License-Identifier: MIT */
/*
 * The x86 port as a 32-bit process of Linux. It is compiled as for the kernel, with the port's own
 * asm/ headers, at the kernel's addresses, without a C library. A privileged instruction, or a load
 * of one of the kernel's selectors, is a fault here. Its effect is noted, and the program goes on
 * behind it. So a test runs the functions of arch/x86 unchanged, and compares the whole text of
 * their effects.
 *
 *     cli, sti, clts, hlt (ends ENDS(...)), int N, invlpg A, lgdt L:A, lidt L:A, ltr N, ljmp S,
 *     S=V for a segment register, crN=V, wrmsr R=V, outb P=V, iret CS:EIP FLAGS
 *
 * Linux lets every process load the selector 0x28, so %fs is not noted. The test's own functions
 * add lines by note(). One line each.
 */
#pragma once

#include "kernel/printk.h"

/* The program. */
void test(void);

#define CHECK(good, ...) check((good), __LINE__, __VA_ARGS__)
bool check(bool good, int line, const char *format, ...) __printf(3, 4);

/* Adds a line to the record. printk() adds its text. panic() and its kin add "panic: ...", and end
 * ENDS(). */
void note(const char *format, ...) __printf(1, 2);
/* Returns true if the record is this text. Empties it. */
bool noted(const char *expected);
/* Returns true if this is part of the record. */
bool noted_also(const char *part);
#define DID(expected, ...) check(noted(expected), __LINE__, __VA_ARGS__)

/* Runs a statement that does not return. False if it did. */
#define ENDS(statement)                                                                            \
	({                                                                                         \
		volatile bool ended_ = true;                                                       \
		if (!__builtin_setjmp(process_target)) {                                           \
			statement;                                                                 \
			ended_ = false;                                                            \
		}                                                                                  \
		ended_;                                                                            \
	})
extern void *process_target[5];
_Noreturn void process_end(void);

/* If set, called before each line added by an instruction. */
extern void (*process_watch)(void);
/* The CPU's answers. */
extern u32 process_cr[5];
extern u64 (*process_rdmsr)(u32 msr);
extern u32 (*process_in)(u16 port, unsigned bytes);

/* Registers at a fault, as Linux's struct sigcontext_32 has them. */
struct process_registers {
	u32 gs, fs, es, ds;
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trap, error;
	u32 eip, cs, eflags, user_esp, ss;
	u32 fpu, mask, cr2;
};
/*
 * Called at a fault not explained above. Returns true if the program shall go on with these
 * registers.
 */
extern bool (*process_fault)(struct process_registers *r);

/* Sets the memory at %fs:0, for cpu_id(). */
void process_percpu(const void *base);
/* Maps memory at that address. */
void process_map(vaddr_t at, size_t size);
