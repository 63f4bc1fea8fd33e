/* SPDX-License-Identifier: MIT */
#include <asm/page.h>

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
