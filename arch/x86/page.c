/* SPDX-License-Identifier: MIT */
#include <asm/page.h>

void fill_page(void *p, u32 word)
{
	u32 count = PAGE_SIZE / sizeof(u32);

	__asm__ __volatile__("rep; stosl" : "+D"(p), "+c"(count) : "a"(word) : "memory");
}

void clear_page(void *p)
{
	fill_page(p, 0);
}

void copy_page(void *to, const void *from)
{
	u32 count = PAGE_SIZE / sizeof(u32);

	__asm__ __volatile__("rep; movsl" : "+D"(to), "+S"(from), "+c"(count)::"memory");
}
