/* SPDX-License-Identifier: MIT */
/* Kernel stacks: the part of asm/stack.h that all ports share. */
#pragma once

#include "kernel/compiler.h"

/* The canaries of the CPU's stacks are as they were laid. cpu: below smp_count(). */
bool stack_intact(unsigned cpu);
