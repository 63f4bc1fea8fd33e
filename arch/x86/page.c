/* SPDX-License-Identifier: MIT */
#include "kernel/printk.h"
#include <asm/pgtable.h>
#include <asm/page.h>
#include "arch/asm-generic/page-checksum.h"

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

_Noreturn void entry_exchange_failed(const entry_t *ep)
{
	panic("the entry at 0x%lx was another one at each of %u compare-exchanges in a row",
	      (unsigned long)ep, EXCHANGES_MOST);
}
