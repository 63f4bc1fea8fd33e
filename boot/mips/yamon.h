/* SPDX-License-Identifier: MIT */
/* What YAMON, the Malta board's monitor, and QEMU in its place leave in a0 to a3. */
#pragma once

#include "boot/boot_info.h"

/*
 * memory_view: kernel address of physical 0. argv, envp: addresses in KSEG0 of lists of such
 * addresses, ended by 0: the program's name and the command line; names and values in turn. memory:
 * bytes of RAM from physical 0, if the list has no "memsize". Fills the command line and the RAM;
 * returns what is wrong, or NULL. Only [0, 1 MiB) is read.
 */
const char *yamon_parse(const u8 *memory_view, u32 argv, u32 envp, u32 memory,
			struct boot_info *boot);
