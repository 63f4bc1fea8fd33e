/* SPDX-License-Identifier: MIT */
/* The console. Its names, such as "com1" and "none", are listed in console_names. */
#pragma once

#include "arch/asm-generic/console.h"

/* Waits, bounded, until all output has left. Call before the machine ends. */
void console_drain(void);
