/* SPDX-License-Identifier: MIT */
/* The ways to leave the machine. "halt", the default, stops the CPU. "uhi" gives our exit status to
 * the Unified Hosting Interface of a debugger or emulator. */
#pragma once

#include "arch/asm-generic/exit.h"
