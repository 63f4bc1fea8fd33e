/* SPDX-License-Identifier: MIT */
/* The console. */
#pragma once

#include "arch/asm-generic/console.h"

/* Waits, up to a limit, until all output has left. Call it before the machine ends. */
void console_drain(void);
