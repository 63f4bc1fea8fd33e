/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 16 KiB a CPU, and a second one for double faults. The page below each is not
 * mapped, so an overrun faults (and the fault, finding no stack, becomes a double fault); the
 * canary at the bottom shows what came close.
 */
#pragma once

#include "arch/asm-generic/stack.h"
