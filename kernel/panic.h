/* SPDX-License-Identifier: MIT */
/* The screen of a machine that stops, and what the rest of the kernel tells it. */
#pragma once

#include "kernel/compiler.h"

struct trap_frame;

/* True on the CPU that is dying: it no longer respects the console's lock. */
bool panic_running(unsigned cpu);
/* A trap that nobody expected: the trap's registers, then as panic(). */
_Noreturn void panic_trap(const struct trap_frame *frame, const char *why);
/* fault.trap=nested: the next screen faults after its first line. */
void panic_break_screen(void);
/* What the machine does just now ("boot", a scenario's variant), for the screen. Static text. */
void panic_context(const char *running);
