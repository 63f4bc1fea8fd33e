/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: every call that goes up the house.
 */
#pragma once

#include "kernel/compiler.h"

struct boot_info;
struct trap_frame;
struct fault;

/* arch -> kernel */

/* The boot CPU, once: paging is on with the kernel's own tables, interrupts off, this CPU's trap
 * table live, nothing else started. boot_info is complete and stays. */
_Noreturn void kernel_main(const struct boot_info *boot);
/* A secondary CPU, once: same state as above, its interrupt controller live. */
_Noreturn void ap_main(void);
/* Any exception or the user's call, interrupts as the trap left them. A return resumes the
 * frame. */
void trap(struct trap_frame *frame);
/* Interrupt vectors: one C function each, called with interrupts off, acknowledged by the port. */
void interrupt_shootdown(void);
void interrupt_call(void);
void interrupt_wake(void);
/* IPI_SHOOTDOWN_NOWAIT, a non-maskable interrupt: it may come between any two instructions. False:
 * nothing was posted for this CPU. */
bool interrupt_nowait(void);
/* One that the interrupt controller sent for nothing: harmless, counted. */
void interrupt_spurious(void);
/* One that nobody here asked for, acknowledged by the port: counted, see kernel/stray.h. vector is
 * the number that the port has for it. True: they keep coming, and the port masks what it can. */
bool interrupt_unexpected(unsigned vector);
/* Changes whenever that CPU does something that can be seen from outside; for a heartbeat. */
u32 cpu_pulse(unsigned cpu);

/* fault.skew=: how far the clock of this CPU is to be ahead of the others', 0 unless that is
 * planted. */
u64 clock_ahead_ns(unsigned cpu);

/* kernel -> mm */
void mm_init(const struct boot_info *boot);
/* A page fault in the address space loaded on this CPU; true if the access can succeed now: its
 * entry lets it through. A slot that holds anything else, such as a swap entry, is left as it
 * is. */
bool mm_fault(const struct fault *fault);
