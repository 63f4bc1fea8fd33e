/* SPDX-License-Identifier: MIT */
/* The boundaries set by linker/mips.ld, all page-aligned. */
#pragma once

#include "kernel/types.h"

extern u8 __image_start[], __image_end[];
extern const u8 __text_start[], __text_end[];

/* The stacks of CPU 0, from head.S. */
extern u8 boot_stacks[];
