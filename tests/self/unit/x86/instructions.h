/* SPDX-License-Identifier: MIT */
/* Instructions that fault in a process of Linux, because they are the kernel's. process.h lists
 * what each of them notes. */
#pragma once

#include "tests/self/unit/x86/process.h"

/* Does the instruction at eip and goes on behind it. False: it is none of those that we know, and
 * r may be half changed. */
bool instruction_emulated(struct process_registers *r);
/* Notes an instruction that the program does not come back from, and ends ENDS(). Returns if the
 * instruction at eip is none of them. */
void instruction_ends(const struct process_registers *r);
