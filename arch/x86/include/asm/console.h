/* SPDX-License-Identifier: MIT */
/* The console: bytes out, nothing in, never blocks for ever on a device that is not there. */
#pragma once

#include "kernel/compiler.h"

/* Called first of all, before anything is known. */
void console_early_init(void);
/* console=<name>: "com1" .. "com4", "none"; false if the port knows no such console. */
bool console_select(const char *name);
extern const char console_names[]; /* what may follow the word, for messages */
void console_write(const char *bytes, size_t n);
/* Waits, bounded, until all that was written has left: what ends a machine calls it first. */
void console_drain(void);
