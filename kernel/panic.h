/* SPDX-License-Identifier: MIT */
/* The screen of a stopping machine, and the state the rest of the kernel hands it. */
#pragma once

#include "kernel/compiler.h"

struct trap_frame;

/* Returns true on the dying CPU, which no longer respects the console's lock. */
bool panic_running(unsigned cpu);
/* Stops the machine after an unexpected trap. Prints the trap's registers, then does as panic(). */
_Noreturn void panic_trap(const struct trap_frame *frame, const char *why);
/* Makes the next screen fault after its first line (fault.trap=nested). */
void panic_break_screen(void);
/* Sets the text on the screen for what is running, such as "boot" or a scenario's variant. Pass
 * static text. */
void panic_context(const char *running);
