/* SPDX-License-Identifier: MIT */
/* The boundaries that linker/x86.ld sets, all page-aligned. */
#pragma once

#include "kernel/types.h"

extern u8 __image_start[], __image_end[];
extern const u8 __text_start[], __text_end[], __rodata_start[], __rodata_end[];

/* head.S: the stacks of CPU 0 and the tables that CPUs start on. */
extern u8 boot_stacks[];
extern u64 boot_pgd[];
