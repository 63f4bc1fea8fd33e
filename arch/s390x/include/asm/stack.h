/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: 16 KiB a CPU, and a second one for interruptions that find no room on it. The page
 * below each is not mapped, so an overrun is a program check, and its handler changes stacks; the
 * canary at the bottom shows what came close.
 */
#pragma once

#include "arch/asm-generic/stack.h"
