/* SPDX-License-Identifier: MIT */
/*
 * The part of asm/console.h shared by all ports. Bytes go out. The only input is a sign that
 * somebody wants the run to end. The console never blocks for ever on a missing device. A port
 * lists its names for console_select().
 */
#pragma once

#include "kernel/compiler.h"

/* Called first of all, before anything is known. */
void console_early_init(void);
/*
 * Selects console=<name>. Returns false if the port knows no such console, or the machine has none.
 */
bool console_select(const char *name);
extern const char console_names[]; /* the option's values, for messages */
void console_write(const char *bytes, size_t n);
/* Returns the sign somebody gave at the console to end the run, as a constant string, or NULL.
 * Takes one character at most, and never waits. */
const char *console_stop_asked(void);
