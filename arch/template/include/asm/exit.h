/* SPDX-License-Identifier: MIT */
/* The only method to leave the machine is "isa-debug" (QEMU's isa-debug-exit at port 0xf4). */
#pragma once

#include "arch/asm-generic/exit.h"
