/* SPDX-License-Identifier: MIT */
/* The console: bytes out, nothing in, never blocks for ever on a device that is not there. */
#pragma once

#include "kernel/compiler.h"

/* Called first of all, before anything is known. */
void console_early_init(void);
/* console=<name>: "sclp" (what the machine offers), "ascii", "line", "none"; false if the port
 * knows no such console, or the machine has none. */
bool console_select(const char *name);
extern const char console_names[]; /* what may follow the word, for messages */
void console_write(const char *bytes, size_t n);
