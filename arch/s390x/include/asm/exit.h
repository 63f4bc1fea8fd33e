/* SPDX-License-Identifier: MIT */
/*
 * The only way to leave the machine is "halt". All CPUs stop. This one stops in a disabled wait,
 * and its PSW address is the verdict, WAIT_PASSED if the status is 0 and WAIT_FAILED otherwise.
 * QEMU takes the first for a guest that shut down, any other for one that crashed (-action
 * panic=exit-failure).
 */
#pragma once

#include "arch/asm-generic/exit.h"
