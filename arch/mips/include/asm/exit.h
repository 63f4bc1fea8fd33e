/* SPDX-License-Identifier: MIT */
/* Leaving the machine: "halt" (default: the CPU stops), "uhi" (the Unified Hosting Interface of a
 * debugger or emulator: its exit status is ours). */
#pragma once

#include "arch/asm-generic/exit.h"
