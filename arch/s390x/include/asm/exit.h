/* SPDX-License-Identifier: MIT */
/* Leaving the machine. */
#pragma once

#include "kernel/compiler.h"

/* exit=<method>: "halt", the only one: all CPUs stop, this one in a disabled wait whose PSW address
 * is the verdict: WAIT_PASSED or WAIT_FAILED. QEMU takes the first for a guest that shut down, any
 * other for one that crashed (-action panic=exit-failure). False if the port knows no such method.
 */
bool exit_select(const char *method);
extern const char exit_methods[]; /* what may follow the word, for messages */
/* status: enum run_end of kernel/finish.h, of which the PSW says only whether it is 0, a pass. */
_Noreturn void machine_exit(unsigned status);
