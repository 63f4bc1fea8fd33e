/* SPDX-License-Identifier: MIT */
/* Kernel stacks, the part of asm/stack.h shared by all ports. */
#pragma once

#include "kernel/compiler.h"

/* Returns true if the canaries of the CPU's stacks are intact. Call with cpu below smp_count(). */
bool stack_intact(unsigned cpu);
