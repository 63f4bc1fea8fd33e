/* SPDX-License-Identifier: MIT */
/* The boundaries from linker/x86.ld, all page-aligned. */
#pragma once

#include "kernel/types.h"

extern u8 __image_start[], __image_end[];
extern const u8 __text_start[], __text_end[], __rodata_start[], __rodata_end[];

/* The stacks of CPU 0 and the first tables of all CPUs, from head.S. */
extern u8 boot_stacks[];
extern u64 boot_pgd[];
