/* SPDX-License-Identifier: MIT */
/* The console: bytes out, and hardly more in than that somebody wants the run to end. Never blocks
 * for ever on a device that is not there. */
#pragma once

#include "kernel/compiler.h"

/* Called first of all, before anything is known. */
void console_early_init(void);
/* console=<name>; false if the port knows no such console. */
bool console_select(const char *name);
extern const char console_names[]; /* what may follow the word, for messages */
void console_write(const char *bytes, size_t n);
/* Somebody at the console wants the run to end: what they did, a string that stays; NULL: nothing.
 * Takes one character at most, and never waits. */
const char *console_stop_asked(void);
/* Waits, bounded, until all that was written has left: what ends a machine calls it first. */
void console_drain(void);
