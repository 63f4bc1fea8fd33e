/* SPDX-License-Identifier: MIT */
/*
 * Floor zero: every call up the house.
 */
#pragma once

#include "kernel/compiler.h"

struct boot_info;
struct trap_frame;
struct fault;

/* arch -> kernel */

/* Called once on the boot CPU. Paging is on with the kernel's own tables, interrupts are off, this
 * CPU's trap table is live, and nothing else has started. boot_info is complete and stays. */
_Noreturn void kernel_main(const struct boot_info *boot);
/* Called once on each secondary CPU, in the same state and with its interrupt controller live. */
_Noreturn void ap_main(void);
/* Called for any exception or the user's call, with interrupts as the trap left them. A return
 * resumes the frame. */
void trap(struct trap_frame *frame);
/* The C functions of the interrupt vectors. Called with interrupts off, acknowledged by the
 * port. */
void interrupt_shootdown(void);
void interrupt_call(void);
void interrupt_wake(void);
/* Called for IPI_SHOOTDOWN_NOWAIT, a non-maskable interrupt, so it may come between any two
 * instructions. Returns false if nothing was posted for this CPU. */
bool interrupt_nowait(void);
/* Counts a spurious interrupt. The interrupt controller sent it for nothing, and it is harmless. */
void interrupt_spurious(void);
/* Call last in each trap and interrupt that returns to user mode, with interrupts off. Ends
 * user_run() instead, if the program there is to spin no more (kernel/smp/user_stop.h). */
void exit_to_user_mode(const struct trap_frame *frame);
/* Returns whether this is so, and takes back that the program spins. */
bool user_stop_due(void);
/* Counts an interrupt nobody here asked for (kernel/stray.h), acknowledged by the port. vector is
 * the port's number for it. Returns true if they keep coming, and the port then masks as many as it
 * can. */
bool interrupt_unexpected(unsigned vector);
/* Returns a number for a heartbeat. It changes whenever the CPU does something visible from
 * outside. */
u32 cpu_pulse(unsigned cpu);

/* Returns by how much fault.skew= puts this CPU's clock ahead of the others', 0 if it is not
 * planted. */
u64 clock_ahead_ns(unsigned cpu);

/* kernel -> mm */
void mm_init(const struct boot_info *boot);
/* Handles a page fault in the address space loaded on this CPU. Returns true if the access can
 * succeed now, because its entry lets it through. Leaves a slot alone if it holds anything else,
 * such as a swap entry. If the access is beyond the end of a file, or the slot holds such a thing,
 * FAULT_BUS is added to the cause. */
bool mm_fault(struct fault *fault);
