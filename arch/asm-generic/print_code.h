/* SPDX-License-Identifier: MIT */
/* A line of the trap screen, alike on all ports with instructions of bytes. */
#pragma once

#include "kernel/printk.h"

extern const u8 __text_start[], __text_end[]; /* linker/<port>.ld */

/* Prints the first 16 bytes of code at pc, if it is the kernel's text, because a read of anything
 * else might trap again. */
static inline void print_code(vaddr_t pc)
{
	const u8 *p = (const u8 *)pc;
	char line[3 * 16 + 1];
	unsigned n = 0;

	if (pc < (vaddr_t)__text_start || pc >= (vaddr_t)__text_end)
		return;
	for (unsigned i = 0; i < 16 && p + i < __text_end; i++)
		n += (unsigned)snprintk(line + n, sizeof(line) - n, " %02x", p[i]);
	printk("# code:%s\n", line);
}
