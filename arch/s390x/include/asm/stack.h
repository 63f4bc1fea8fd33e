/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks, 16 KiB a CPU, and a second one for interruptions without room on the first. The
 * page below each is not mapped, so an overrun is a program check, and its handler changes stacks.
 * The canary at the bottom shows when an overrun came close.
 */
#pragma once

#include "arch/asm-generic/stack.h"
