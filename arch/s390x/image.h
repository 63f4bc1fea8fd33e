/* SPDX-License-Identifier: MIT */
/* The boundaries from linker/s390x.ld, all page-aligned. */
#pragma once

#include "kernel/types.h"

extern u8 __image_start[], __image_end[];
extern const u8 __text_start[], __text_end[], __rodata_start[], __rodata_end[];

/* From head.S, the stacks of CPU 0, and the loader's command line. */
extern u8 boot_stacks[];
extern const char boot_command[];
