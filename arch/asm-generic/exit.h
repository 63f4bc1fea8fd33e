/* SPDX-License-Identifier: MIT */
/* Leaving the machine: the part of asm/exit.h that all ports share. A port lists its methods. */
#pragma once

#include "kernel/compiler.h"

/* exit=<method>; false if the port knows no such method. */
bool exit_select(const char *method);
extern const char exit_methods[]; /* what may follow the option, for messages */
/* status: enum run_end of kernel/finish.h, 0 if the run passed. Stops this CPU if the method does
 * not end the machine. */
_Noreturn void machine_exit(unsigned status);
