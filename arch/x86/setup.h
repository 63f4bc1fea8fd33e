/* SPDX-License-Identifier: MIT */
#pragma once

#include "kernel/compiler.h"

/* From head.S, on the boot tables: what the loader had in EAX and EBX. */
_Noreturn void x86_start(u32 magic, u32 info);
