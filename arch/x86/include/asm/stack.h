/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks, 16 KiB a CPU, and a second one for double faults. The page below each is not
 * mapped, so an overrun faults. This fault finds no stack and becomes a double fault. The canary at
 * the bottom shows when an overrun came close.
 */
#pragma once

#include "arch/asm-generic/stack.h"
