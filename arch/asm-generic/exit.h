/* SPDX-License-Identifier: MIT */
/* Leaving the machine, the part of asm/exit.h shared by all ports. A port lists its methods. */
#pragma once

#include "kernel/compiler.h"

/* Selects exit=<method>. Returns false if the port knows no such method. */
bool exit_select(const char *method);
extern const char exit_methods[]; /* the option's values, for messages */
/* status is an enum run_end of kernel/finish.h, 0 if the run passed. Stops this CPU if the method
 * does not end the machine. */
_Noreturn void machine_exit(unsigned status);
