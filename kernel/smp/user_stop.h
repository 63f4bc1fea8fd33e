/* SPDX-License-Identifier: MIT */
/*
 * Takes a program out of a spin in user mode.
 *
 * The program looks at one word of its own memory, so a flag of the kernel cannot reach it. The
 * stop is an IPI. Its handler leaves a mark for its own CPU, and the way back to user mode looks at
 * this mark (user_stop_due()). The mark stays, so a stop before the spin is not lost.
 */
#pragma once

#include "kernel/compiler.h"

/* Call with interrupts off, and keep them off until user mode is entered. Returns false if the CPU
 * is to spin no more. */
bool user_spin_begin(void);
/* Call with interrupts still off. Returns false if a stop ended the spin. called says that the
 * program made its call. Then a stop that came before must have ended it. */
bool user_spin_end(bool called);

/* Ends the spin on this CPU, and later ones. Returns after the CPU has taken the interrupt. Call
 * with interrupts on. */
void user_stop_cpu(unsigned cpu);
/* Lets programs spin on this CPU again. Call while it runs none. */
void user_stop_forget(unsigned cpu);
