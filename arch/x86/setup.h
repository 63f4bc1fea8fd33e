/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* Called by head.S, on the boot tables, with the loader's EAX and EBX. */
_Noreturn void x86_start(u32 magic, u32 info);
