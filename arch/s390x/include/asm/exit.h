/* SPDX-License-Identifier: MIT */
/*
 * Leaving the machine: "halt", the only method. All CPUs stop, this one in a disabled wait whose
 * PSW address is the verdict, WAIT_PASSED or WAIT_FAILED: of the status it says only whether it
 * is 0. QEMU takes the first for a guest that shut down, any other for one that crashed (-action
 * panic=exit-failure).
 */
#pragma once

#include "arch/asm-generic/exit.h"
