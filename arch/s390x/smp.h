/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Finds the CPUs and takes memory for their start from boot memory. Moves the boot CPU, which calls
 * it, to a prefix area of its own. Prints nothing, because smp_enumerate() does. */
void smp_discover(void);

struct trap_frame;
/* Handles emergency signals. */
void smp_emergency(void);
/* Handles the restart interruption of a starting CPU, which comes without address translation. */
_Noreturn void s390_ap_start(void);
