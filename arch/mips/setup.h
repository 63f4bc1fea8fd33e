/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* From head.S: the registers as the boot loader left them. */
_Noreturn void mips_start(u32 argc, u32 argv, u32 envp, u32 memory);
