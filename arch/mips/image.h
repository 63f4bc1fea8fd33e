/* SPDX-License-Identifier: MIT */
/* The boundaries that linker/mips.ld sets, all page-aligned. */
#pragma once

#include "kernel/types.h"

extern u8 __image_start[], __image_end[];
extern const u8 __text_start[], __text_end[];

/* head.S: the stacks of CPU 0. */
extern u8 boot_stacks[];
