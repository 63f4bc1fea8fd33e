/* SPDX-License-Identifier: MIT */
/* The checksum of a page, for page.c of ports that read a page word by word. */
#pragma once

#include <asm/page.h>

#include "kernel/compiler.h"

/* A word that changes alone always changes the sum, because each step can be undone. */
u32 checksum_page(const void *p)
{
	const u32 *word = p;
	u32 sum = 0;

	for (unsigned i = 0; i < PAGE_SIZE / sizeof(*word); i++)
		sum = (sum << 1 | sum >> 31) ^ READ_ONCE(word[i]);
	return sum;
}
