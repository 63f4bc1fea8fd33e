/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 16 KiB a CPU, and 4 KiB for a trap that finds the stack pointer outside them.
 * They are in KSEG0, where nothing can be unmapped: an overrun is seen when the next trap or
 * interrupt comes, and by the canary at the bottom.
 */
#pragma once

#include "arch/asm-generic/stack.h"
