/* SPDX-License-Identifier: MIT */
/*
 * The console: the part of asm/console.h that all ports share. Bytes go out, and hardly more comes
 * in than that somebody wants the run to end. It never blocks for ever on a device that is not
 * there. A port says which names console_select() takes.
 */
#pragma once

#include "kernel/compiler.h"

/* Called first of all, before anything is known. */
void console_early_init(void);
/* console=<name>; false if the port knows no such console, or the machine has none. */
bool console_select(const char *name);
extern const char console_names[]; /* what may follow the option, for messages */
void console_write(const char *bytes, size_t n);
/* Somebody at the console wants the run to end: what they did, a string that stays; NULL: nothing.
 * Takes one character at most, and never waits. */
const char *console_stop_asked(void);
