/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Finds the CPUs and takes what their start needs from boot memory; moves this CPU, the boot CPU,
 * to a prefix area of its own. Prints nothing: smp_enumerate() tells. */
void smp_discover(void);

struct trap_frame;
/* The handler of emergency signals. */
void smp_emergency(void);
/* A restart interruption: that of a CPU that starts comes without address translation. */
_Noreturn void s390_ap_start(void);
