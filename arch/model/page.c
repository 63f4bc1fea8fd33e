/* SPDX-License-Identifier: MIT */
/* Filling pages and tables for the kernel. */
#include <asm/page.h>
#include <asm/pgtable.h>

#include "arch/model/model.h"

void clear_page(void *p)
{
	model_fill(p, 0);
}

void fill_page(void *p, u32 word)
{
	model_fill(p, (u64)word << 32 | word);
}

/* Explored rows use the first eight bytes of a page, which are all alike after a fill. */
void copy_page(void *to, const void *from)
{
	model_fill(to, READ_ONCE(*(const u64 *)from));
}

/* Of the first eight bytes as well. */
u32 checksum_page(const void *p)
{
	u64 words = READ_ONCE(*(const u64 *)p);

	return (u32)words ^ ((u32)(words >> 32) << 1 | (u32)(words >> 63));
}

void table_init(void *page, entry_t none)
{
	model_fill(page, entry_value(none));
}
