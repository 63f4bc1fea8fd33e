/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks have 16 KiB a CPU, and 4 KiB for a trap with the stack pointer outside them. They
 * are in KSEG0, where nothing can be unmapped. So an overrun is noticed when the next trap or
 * interrupt comes, and by the canary at the bottom.
 */
#pragma once

#include "arch/asm-generic/stack.h"
