/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Called by head.S with the registers from the boot loader. */
_Noreturn void mips_start(u32 argc, u32 argv, u32 envp, u32 memory);
