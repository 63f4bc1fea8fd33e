/* SPDX-License-Identifier: MIT */
/* The values in a0 to a3 from YAMON, the Malta board's monitor, or from QEMU in its place. */
#pragma once

#include "boot/boot_info.h"

/*
 * Fills the command line and the RAM. Returns NULL, or the reason why the lists make no sense.
 * memory_view is the kernel's address of physical 0, and only [0, 1 MiB) is read. argv and envp are
 * addresses in KSEG0 of lists of such addresses, ended by 0. argv lists the program's name and the
 * command line, envp lists names and values in turn. `memory` is the bytes of RAM from physical 0,
 * used if envp has no "memsize".
 */
const char *yamon_parse(const u8 *memory_view, u32 argv, u32 envp, u32 memory,
			struct boot_info *boot);
