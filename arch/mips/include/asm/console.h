/* SPDX-License-Identifier: MIT */
/* The console. */
#pragma once

#include "arch/asm-generic/console.h"

/* Waits, bounded, until all that was written has left: what ends a machine calls it first. */
void console_drain(void);
