/* SPDX-License-Identifier: MIT */
/*
 * Leaving the machine: "halt" (default: CPUs stop, the screen stays; a real PC is never poked at a
 * debug port), "isa-debug" (QEMU's isa-debug-exit at port 0xf4: emulator status (status << 1) | 1),
 * "bochs" (port 0x8900).
 */
#pragma once

#include "arch/asm-generic/exit.h"
