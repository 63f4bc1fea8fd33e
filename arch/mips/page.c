/* SPDX-License-Identifier: MIT */
#include <asm/page.h>
#include "arch/asm-generic/page-checksum.h"

typedef u32 __attribute__((may_alias)) any_word_t;

#define WORDS (PAGE_SIZE / sizeof(any_word_t))

void fill_page(void *p, u32 word)
{
	any_word_t *to = p;

	for (unsigned i = 0; i < WORDS; i++)
		to[i] = word;
}

void clear_page(void *p)
{
	fill_page(p, 0);
}

void copy_page(void *to, const void *from)
{
	for (unsigned i = 0; i < WORDS; i++)
		((any_word_t *)to)[i] = READ_ONCE(((const any_word_t *)from)[i]);
}
