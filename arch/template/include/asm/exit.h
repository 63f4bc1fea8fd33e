/* SPDX-License-Identifier: MIT */
/* Leaving the machine: "isa-debug", the only method (QEMU's isa-debug-exit at port 0xf4). */
#pragma once

#include "arch/asm-generic/exit.h"
