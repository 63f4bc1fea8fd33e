/* SPDX-License-Identifier: MIT */
/*
 * The end of a run of many passes before its last one, by a key, Ctrl-C on the serial port or
 * minutes=. It is asked for between two variants, so each is always whole. For the boot CPU.
 */
#pragma once

#include "kernel/compiler.h"

/* Forgets keys pressed before. */
void soak_begin(void);
/* Returns why the run ends here, as a string that stays. NULL if it goes on. The first time it also
 * logs "ev=ended". Always NULL in a run of one pass, because it ends by itself. */
const char *soak_over(void);
