/* SPDX-License-Identifier: MIT */
/*
 * Roles in user mode. They are programs, and touch memory as a program of Linux does.
 *
 * A role is C code of the kernel, and each access below is one by the hardware with the rights of a
 * user, at an address of the variant's space. On the metal the CPU enters user mode on the code
 * page, executes the access there, and comes back by the user's call. On the model the access is
 * the model's own. A page fault goes to mm_fault() either way. If that returns true, the access is
 * made again.
 *
 * A bad access ends the program, and not the kernel. An access is bad if mm_fault() returns false
 * for it, or if it is an instruction not meant for users. From then on each access of the role does
 * nothing and returns 0, so its C function runs to the end. Judges ask role_ended(). Outside of
 * stress and of the explorer the log has the line
 *
 *	# ev=role-ended role=<name> access=<name> address=<hex> cause=<words>
 *
 * The scenario says `.programs`. Only then the lab maps the code page into its space
 * (tests/program/code_page.h). The frame belongs to the lab, so no count of a variant has it. No
 * scenario may map, unmap or zap anything there. Where handlers fill the TLB (mips), fills for the
 * code page pass the race points of a fill as well.
 */
#pragma once

#include "tests/lab/lab.h"
#include "tests/program/code_page.h"

/* Each takes the address of a word in user space, aligned to 4 bytes. An unaligned access is made
 * if the machine makes such accesses, and is a bad one otherwise. Only an exchange has full order.
 * Where it is made by a linked load (mips), its first fault is one of a load. */
u32 user_load(vaddr_t va);
void user_store(vaddr_t va, u32 value);
/* Returns the old word. */
u32 user_xchg(vaddr_t va, u32 value);

/*
 * Loads with no pause in between, and without leaving user mode except for faults and interrupts,
 * until the word is not while_value. Returns the word, or while_value if another role called
 * user_stop() first.
 *
 * The loop reads no memory but the word, so the stop comes as an IPI. Its handler leaves a mark for
 * its own CPU. The trap code finds the mark on its way back to user mode and returns from here
 * instead (kernel/smp/user_stop.h). Interrupts are off from the last look at the mark until the CPU
 * is in user mode, so no stop is lost.
 *
 * If nobody ends the spin, the machine stops at the deadline, with a screen naming the role and the
 * address. To look at the clock, the loop comes back once in 2^24 loads.
 */
u32 user_spin(vaddr_t va, u32 while_value);
/* Makes each user_spin() of the role return, this one and later ones of the same round. Returns
 * after the role's CPU has taken the interrupt. Call with interrupts on. */
void user_stop(struct variant *v, unsigned role);

/* Fetches an instruction at va and executes it. If a role has stored USER_RETURN_WORD (asm/trap.h)
 * there, it returns at once. With any other instruction the program goes on from there, at the
 * caller's own risk. */
void user_call(vaddr_t va);

/* For programs that store to a page before something happens to it, and behind that. */
#define EARLY_WORD 0xea12u
#define LATE_WORD  0x1a7eu

enum user_access {
	ACCESS_LOAD,
	ACCESS_STORE,
	ACCESS_XCHG,
	ACCESS_SPIN,
	ACCESS_CALL,
	NR_ACCESSES
};
extern const char *const user_access_name[NR_ACCESSES];
/* Writes the cause of a fault (asm/trap.h) in words, separated by commas. "absent" stands for a
 * fault without any reason of its own. 80 bytes have room for all. */
void fault_cause_text(u32 cause, char *text, size_t size);

/* Returns whether a bad access ended the role's program. *end then has the access, its address and
 * its cause. Call in a judge, or in the role itself. */
bool role_ended(const struct variant *v, unsigned role, struct role_end *end);
/* Roles. Lets the calling role go on as another program. */
void role_restart(struct variant *v);

/* For makers of variants. All programs begin anew. Call before a round, on any CPU, while no role
 * is active. */
void user_begin(struct variant *v);
