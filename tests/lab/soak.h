/* SPDX-License-Identifier: MIT */
/*
 * What ends a run of many passes before its last one: a key, Ctrl-C on the serial port, minutes=.
 * It is asked for between two rows, so a row is always whole. The boot CPU's.
 */
#pragma once

#include "kernel/compiler.h"

/* Forgets keys that were pressed before. */
void soak_begin(void);
/* Why the run ends here, a string that stays; NULL: it goes on. The first time it says so in the
 * log ("ev=ended"). Always NULL in a run of one pass, which ends by itself. */
const char *soak_over(void);
