/* SPDX-License-Identifier: MIT */
/*
 * The ways to leave the machine. "halt" is the default, so CPUs stop, the screen stays, and a real
 * PC is never poked at a debug port. "isa-debug" is QEMU's isa-debug-exit at port 0xf4, with the
 * emulator's status (status << 1) | 1. "bochs" is port 0x8900.
 */
#pragma once

#include "arch/asm-generic/exit.h"
